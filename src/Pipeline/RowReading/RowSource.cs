using Akka.Streams;
using Akka.Streams.Stage;

namespace AkkaJoin.Pipeline.RowReading;

/// <summary>Emits the rows of a <see cref="RowOutlet"/>, each when it is asked for.</summary>
sealed class RowSource(RowOutlet outlet) : GraphStage<SourceShape<JoinedRow>>
{
    internal Outlet<JoinedRow> Out { get; } = new("RowSource.out");

    public override SourceShape<JoinedRow> Shape => new(Out);

    protected override Attributes InitialAttributes { get; } = Attributes.CreateName("RowSource");

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new RowSourceLogic(this, outlet);
}

sealed class RowSourceLogic : OutGraphStageLogic
{
    readonly RowSource _stage;
    readonly RowOutlet _outlet;
    Action _wake = null!;

    internal RowSourceLogic(RowSource stage, RowOutlet outlet)
        : base(stage.Shape)
    {
        _stage = stage;
        _outlet = outlet;
        SetHandler(stage.Out, this);
    }

    public override void PreStart()
    {
        _wake = GetAsyncCallback(PushNext);
        _outlet.Attach(this);
    }

    public override void PostStop() => _outlet.Detach(this);

    public override void OnPull() => PushNext();

    void PushNext()
    {
        if (!IsAvailable(_stage.Out))
            return;
        if (_outlet.TakeRow(_wake, out var hasEnded) is { } row)
            Push(_stage.Out, row);
        else if (hasEnded)
            Complete(_stage.Out);
    }
}
