using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote.Transport;
using Google.Protobuf;

namespace AkkaJoin.Host.Remoting;

/// <summary>
/// A connection to another node, after its handshake. What is written waits in a pipe, and whatever has gathered there
/// goes out together: the busier, the larger the records of TLS. It ends when either side closes it; what was written
/// before is sent first.
/// </summary>
sealed class NodeConnection : AssociationHandle
{
    // Akka tries again a little later where a write is refused.
    const int UnsentBytesMax = 8 << 20;
    const int SegmentBytes = 16 << 10;
    const int ReadBytes = 64 << 10;
    const int LengthBytes = 4;
    static readonly TimeSpan LastWordTimeout = TimeSpan.FromSeconds(2);

    readonly Socket _socket;
    readonly SslStream _stream;
    readonly int _frameBytesMax;

    // Nobody waits for room in it: what does not fit is not taken.
    readonly Pipe _out = new(new PipeOptions(minimumSegmentSize: SegmentBytes, pauseWriterThreshold: 0, useSynchronizationContext: false));
    readonly Lock _gate = new();
    readonly TaskCompletionSource _closing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    long _unsent;
    bool _isClosing;

    internal NodeConnection(Address local, Address remote, Socket socket, SslStream stream, int frameBytesMax)
        : base(local, remote)
    {
        _socket = socket;
        _stream = stream;
        _frameBytesMax = frameBytesMax;
    }

    /// <inheritdoc/>
    public override bool Write(ByteString payload)
    {
        lock (_gate)
        {
            if (_isClosing || Volatile.Read(ref _unsent) > UnsentBytesMax)
                return false;
            var length = LengthBytes + payload.Length;
            var to = _out.Writer.GetSpan(length);
            BinaryPrimitives.WriteInt32LittleEndian(to, payload.Length);
            payload.Span.CopyTo(to[LengthBytes..]);
            _out.Writer.Advance(length);
            Interlocked.Add(ref _unsent, length);
            _ = _out.Writer.FlushAsync().AsTask(); // waits for nothing, since the pipe has no bound of its own
            return true;
        }
    }

    /// <inheritdoc/>
    [Obsolete("Akka calls the one with a reason.")]
    public override void Disassociate() => Close();

    /// <summary>Closes it, and is done when it is over.</summary>
    internal Task EndAsync()
    {
        Close();
        return _ended.Task;
    }

    /// <summary>Serves it until it is over.</summary>
    internal async Task RunAsync()
    {
        var sending = SendAsync();
        var reading = ReadAsync();
        await Task.WhenAny(sending, reading);
        Close();

        // A last word of each side has its time; an abrupt end would take from the other what it has not read yet.
        await Task.WhenAny(Task.WhenAll(sending, reading), Task.Delay(LastWordTimeout));
        try
        {
            await _stream.DisposeAsync();
        }
        finally
        {
            _socket.Dispose();
            try
            {
                await Task.WhenAll(sending, reading);
            }
            finally
            {
                _ended.SetResult(); // whatever happened: a shutdown waits for it
            }
        }
    }

    void Close()
    {
        lock (_gate)
        {
            if (_isClosing)
                return;
            _isClosing = true;
            _out.Writer.Complete();
        }

        _closing.TrySetResult();
    }

    async Task SendAsync()
    {
        try
        {
            while (true)
            {
                var gathered = await _out.Reader.ReadAsync();
                foreach (var part in gathered.Buffer)
                    await _stream.WriteAsync(part);
                Interlocked.Add(ref _unsent, -gathered.Buffer.Length);
                _out.Reader.AdvanceTo(gathered.Buffer.End);
                if (gathered.IsCompleted)
                    break;
            }

            await _stream.ShutdownAsync();
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception)
        {
            // The reader finds the same, and tells Akka.
        }
        finally
        {
            await _out.Reader.CompleteAsync();
        }
    }

    async Task ReadAsync()
    {
        if (await Task.WhenAny(ReadHandlerSource.Task, _closing.Task) == _closing.Task)
        {
            // Whoever comes for it is told that it is over, and does not wait for words that never come.
            _ = ReadHandlerSource.Task.ContinueWith(
                static late => late.Result.Notify(new Disassociated(DisassociateInfo.Unknown)),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            return;
        }

        var listener = await ReadHandlerSource.Task;
        var reason = DisassociateInfo.Unknown;
        var reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: ReadBytes, leaveOpen: true));
        try
        {
            while (true)
            {
                var found = await reader.ReadAsync();
                var rest = found.Buffer;
                while (TryTake(ref rest, out var payload))
                {
                    if (!_isClosing)
                        listener.Notify(new InboundPayload(payload));
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (found.IsCompleted)
                    break;
            }
        }
        catch (Exception e)
        {
            if (e.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.ConnectionAborted })
                reason = DisassociateInfo.Shutdown;
        }

        listener.Notify(new Disassociated(reason));
    }

    // The length is checked before anything is made of it.
    bool TryTake(ref ReadOnlySequence<byte> bytes, out ByteString payload)
    {
        payload = ByteString.Empty;
        Span<byte> head = stackalloc byte[LengthBytes];
        if (bytes.Length < LengthBytes)
            return false;
        bytes.Slice(0, LengthBytes).CopyTo(head);
        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length < 0 || length > _frameBytesMax)
            throw new IOException($"a frame of {(uint)length} bytes");
        if (bytes.Length < LengthBytes + length)
            return false;
        payload = UnsafeByteOperations.UnsafeWrap(bytes.Slice(LengthBytes, length).ToArray());
        bytes = bytes.Slice(LengthBytes + length);
        return true;
    }
}
