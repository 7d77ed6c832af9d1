using System.Buffers.Binary;
using System.Text;

namespace AkkaJoin.Shards.Tests.Encodings;

/// <summary>
/// Makes inputs that are nearly right, which get further than noise does: numbers of every width become those at which something ends, pieces are doubled, dropped,
/// moved, or taken from another sample, and texts get the words of their grammar.
/// </summary>
/// <param name="samples">Inputs that are right.</param>
/// <param name="words">Words of the grammar, where it has any.</param>
sealed class Mutator(IReadOnlyList<byte[]> samples, IReadOnlyList<string> words)
{
    const int LengthMax = 100_000;

    static readonly long[] Edges =
    [
        0, 1, -1, 2, 63, 64, 127, 128, 255, 256, 0x7FFF, 0xFFFF, 0x1_0000, 100_000, 100_001, 1 << 20, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 53, 1L << 60,
        -(1L << 60), 1L << 62, (1L << 62) - 1, long.MaxValue, long.MaxValue - 1, long.MinValue,
    ];

    internal byte[] Next(Random random)
    {
        if (random.Next(50) == 0)
            return Noise(random, random.Next(300));
        var bytes = new List<byte>(samples[random.Next(samples.Count)]);
        for (var steps = random.Next(4) == 0 ? random.Next(1, 12) : random.Next(1, 4); steps > 0; steps--)
            Step(random, bytes);
        return [.. bytes];
    }

    void Step(Random random, List<byte> bytes)
    {
        if (bytes.Count == 0 || bytes.Count > LengthMax)
        {
            bytes.Clear();
            bytes.AddRange(Noise(random, random.Next(1, 20)));
            return;
        }

        var at = random.Next(bytes.Count);
        var length = Math.Min(bytes.Count - at, random.Next(3) == 0 ? random.Next(1, 200) : random.Next(1, 9));
        switch (random.Next(words.Count > 0 ? 12 : 10))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                Write(bytes, at, Fixed(random));
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 5:
                Write(bytes, random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
            case 6:
                ReplaceVarint(random, bytes, at);
                break;
            case 7:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 8:
                bytes.InsertRange(at, Noise(random, random.Next(1, 8)));
                break;
            case 9:
                Splice(random, bytes, at);
                break;
            default:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(words[random.Next(words.Count)]));
                break;
        }
    }

    static List<byte> Fixed(Random random)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Edge(random));
        return [.. bytes[..(1 << random.Next(1, 4))]];
    }

    static long Edge(Random random) => Edges[random.Next(Edges.Length)] + (random.Next(4) == 0 ? random.Next(-2, 3) : 0);

    static void ReplaceVarint(Random random, List<byte> bytes, int at)
    {
        var end = at;
        while (end < bytes.Count - 1 && bytes[end] >= 0x80)
            end++;
        bytes.RemoveRange(at, end - at + 1);
        var value = (ulong)Edge(random);
        var varint = new List<byte>();
        for (; value >= 0x80; value >>= 7)
            varint.Add((byte)(value | 0x80));
        varint.Add((byte)value);
        bytes.InsertRange(at, varint);
    }

    void Splice(Random random, List<byte> bytes, int at)
    {
        var other = samples[random.Next(samples.Count)];
        var from = random.Next(other.Length + 1);
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other[from..]);
    }

    static void Write(List<byte> bytes, int at, List<byte> piece)
    {
        for (var i = 0; i < piece.Count && at + i < bytes.Count; i++)
            bytes[at + i] = piece[i];
    }

    static byte[] Noise(Random random, int length)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }
}
