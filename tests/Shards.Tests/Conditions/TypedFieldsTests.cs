using System.Buffers;
using System.Text;
using AkkaJoin.Shards.Conditions;
using AkkaJoin.Shards.Encodings;
using FsCheck.Xunit;
using Xunit;

namespace AkkaJoin.Shards.Tests.Conditions;

public sealed class TypedFieldsTests
{
    [Property]
    public void What_is_written_is_read(long whole, double number, string? text, bool truth)
    {
        var target = new ArrayBufferWriter<byte>();
        var utf8 = Encoding.UTF8.GetBytes(text ?? "");
        TypedFields.WriteMissing(target);
        TypedFields.WriteInt64(target, whole);
        TypedFields.WriteDouble(target, number);
        TypedFields.WriteText(target, utf8);
        TypedFields.WriteBoolean(target, truth);

        Assert.Equal(FieldType.Missing, TypedFields.Read(target.WrittenSpan, 0).Type);
        Assert.Equal(whole, TypedFields.Read(target.WrittenSpan, 1).Int64);
        var read = TypedFields.Read(target.WrittenSpan, 2);
        Assert.Equal(number, read.Type == FieldType.Int64 ? read.Int64 : read.Double);
        Assert.True(TypedFields.Read(target.WrittenSpan, 3).Text.SequenceEqual(utf8));
        Assert.Equal(truth ? FieldType.True : FieldType.False, TypedFields.Read(target.WrittenSpan, 4).Type);
        Assert.Equal(FieldType.Missing, TypedFields.Read(target.WrittenSpan, 5).Type);
    }

    [Theory]
    [InlineData(1.0, FieldType.Int64)]
    [InlineData(-0.0, FieldType.Int64)]
    [InlineData(-9223372036854775808.0, FieldType.Int64)]
    [InlineData(9223372036854775808.0, FieldType.Double)]
    [InlineData(0.5, FieldType.Double)]
    internal void A_whole_number_has_one_form(double number, FieldType type)
    {
        var target = new ArrayBufferWriter<byte>();
        TypedFields.WriteDouble(target, number);
        Assert.Equal(type, TypedFields.Read(target.WrittenSpan, 0).Type);
    }

    [Theory]
    [InlineData(new byte[] { 8 })]
    [InlineData(new byte[] { 6 })]
    [InlineData(new byte[] { 6, 0, 0, 0 })]
    [InlineData(new byte[] { 6, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 1 })]
    [InlineData(new byte[] { 6, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1 })]
    [InlineData(new byte[] { 3 })]
    [InlineData(new byte[] { 3, 0x80 })]
    [InlineData(new byte[] { 4, 1, 2, 3 })]
    [InlineData(new byte[] { 5, 4, 65 })]
    public void Damaged_bytes_are_refused(byte[] bytes) =>
        Assert.Throws<MalformedBatchException>(() => TypedFields.Read(bytes, 0).Type);
}
