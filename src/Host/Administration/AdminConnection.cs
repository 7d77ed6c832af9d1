using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace AkkaJoin.Host.Administration;

/// <summary>One connection to the administration port. Its lines are answered one after the other.</summary>
sealed class AdminConnection(Socket socket, AdminQueries queries, AdminLimits limits)
{
    /// <summary>Answers until the other side closes, is idle for too long, or breaks the protocol.</summary>
    internal async Task ServeAsync(CancellationToken stopping)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (await LineAsync(reader, stopping) is { } line)
            {
                if (line.Length > limits.LineBytesMax)
                {
                    await WriteAsync(stream, AdminProtocol.Refusal($"a question of more than {limits.LineBytesMax} bytes"), stopping);
                    await DrainAsync(reader, stopping);
                    return;
                }

                var answer = await queries.AnswerAsync(line, stopping);
                await WriteAsync(stream, answer.Line, stopping);
                if (answer.IsLast)
                {
                    await DrainAsync(reader, stopping);
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side has gone, or is idle, or the node stops: there is nobody to tell.
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <summary>Says why there is no room, and closes.</summary>
    internal async Task RefuseAsync(string reason, CancellationToken stopping)
    {
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            await WriteAsync(stream, AdminProtocol.Refusal(reason), stopping);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Gone already.
        }
    }

    // The next line without its end; longer than the limit where it has none in time; null at the end. What stands after the last end of
    // line is no question.
    async Task<byte[]?> LineAsync(PipeReader reader, CancellationToken stopping)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        idle.CancelAfter(limits.IdleTimeout);
        while (true)
        {
            var read = await reader.ReadAsync(idle.Token);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end).ToArray();
                reader.AdvanceTo(buffer.GetPosition(1, end));
                if (!line.AsSpan().Trim(" \t\r"u8).IsEmpty)
                    return line;
                continue;
            }

            if (buffer.Length > limits.LineBytesMax)
            {
                var beginning = buffer.Slice(0, limits.LineBytesMax + 1).ToArray();
                reader.AdvanceTo(buffer.End);
                return beginning;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
                return null;
        }
    }

    // Closed over bytes that were not read, a connection is reset, and the answer before it may never be seen.
    async Task DrainAsync(PipeReader reader, CancellationToken stopping)
    {
        socket.Shutdown(SocketShutdown.Send);
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        idle.CancelAfter(TimeSpan.FromSeconds(1));
        while (true)
        {
            var read = await reader.ReadAsync(idle.Token);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return;
        }
    }

    async Task WriteAsync(NetworkStream stream, byte[] line, CancellationToken stopping)
    {
        using var unread = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        unread.CancelAfter(limits.IdleTimeout);
        await stream.WriteAsync(line, unread.Token);
    }
}
