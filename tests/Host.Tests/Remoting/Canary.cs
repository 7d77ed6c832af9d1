using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Google.Protobuf;

namespace AkkaJoin.Host.Tests.Remoting;

/// <summary>A harmless type that notices when anything of it runs: its constructors, its setter, an actor of it.</summary>
sealed class Canary : Exception
{
    static readonly Lock Gate = new();
    static readonly List<string> Runs = [];
    string _song = "";

    public Canary() => Note("constructor");

    public Canary(SerializationInfo info, StreamingContext context) => Note("serialization constructor");

    /// <summary>What has run since the last <see cref="Forget"/>.</summary>
    internal static IReadOnlyList<string> Ran
    {
        get
        {
            lock (Gate)
                return [.. Runs];
        }
    }

    public string Song
    {
        get => _song;
        set
        {
            _song = value;
            Note("setter");
        }
    }

    internal static string Manifest { get; } = typeof(Canary).AssemblyQualifiedName!;

    internal static byte[] Json { get; } = Encoding.UTF8.GetBytes($$"""{"$type":"{{Manifest}}","Song":"x"}""");

    internal static void Forget()
    {
        lock (Gate)
            Runs.Clear();
    }

    static void Note(string what)
    {
        lock (Gate)
            Runs.Add(what);
    }

    /// <summary>The same as an actor that is deployed.</summary>
    internal sealed class Bird : ReceiveActor
    {
        public Bird() => Note("actor");
    }

    /// <summary>Bytes as Akka's serializers write them, of things that it would not write.</summary>
    internal static class Proto
    {
        /// <summary>Fields of a message: numbers, texts and bytes.</summary>
        internal static byte[] Message(params (int Field, object Value)[] fields)
        {
            using var bytes = new MemoryStream();
            using (var output = new CodedOutputStream(bytes, leaveOpen: true))
            {
                foreach (var (field, value) in fields)
                    Write(output, field, value);
            }

            return bytes.ToArray();
        }

        /// <summary>Akka's ExceptionData of a canary.</summary>
        internal static byte[] Failure(params (int Field, object Value)[] more) => Message([(1, Manifest), (2, "x"), (5, Message()), .. more]);

        /// <summary>A message by serializer id and manifest inside another: remoting's Payload.</summary>
        internal static byte[] Payload(int id, string manifest, byte[] bytes) => Message((1, bytes), (2, id), (3, manifest));

        /// <summary>The same in replicated data: OtherMessage.</summary>
        internal static byte[] Other(int id, string manifest, byte[] bytes) => Message((1, bytes), (2, id), (4, manifest));

        static void Write(CodedOutputStream output, int field, object value)
        {
            switch (value)
            {
                case int number:
                    output.WriteTag(field, WireFormat.WireType.Varint);
                    output.WriteInt32(number);
                    break;
                case string text:
                    output.WriteTag(field, WireFormat.WireType.LengthDelimited);
                    output.WriteString(text);
                    break;
                case byte[] bytes:
                    output.WriteTag(field, WireFormat.WireType.LengthDelimited);
                    output.WriteBytes(ByteString.CopyFrom(bytes));
                    break;
            }
        }
    }
}
