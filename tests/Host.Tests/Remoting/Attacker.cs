using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Remote.Transport.DotNetty;
using AkkaJoin.Host.Remoting;
using AkkaJoin.Shards.KeyGroups;

namespace AkkaJoin.Host.Tests.Remoting;

/// <summary>An actor system that is no node, with everything that Akka brings.</summary>
sealed class Attacker : IAsyncDisposable
{
    readonly ActorSystem _system;
    readonly Address _node;

    /// <summary>Starts it.</summary>
    /// <param name="node">Whom it speaks to.</param>
    /// <param name="tls">The certificate that it shows; null = it speaks without TLS.</param>
    internal Attacker(Address node, NodeTls? tls)
    {
        var config = ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = OFF
              stdout-loglevel = OFF
              actor {
                provider = remote
                serializers.raw = "AkkaJoin.Host.Tests.Remoting.RawSerializer, AkkaJoin.Host.Tests"
                serialization-bindings."AkkaJoin.Host.Tests.Remoting.Raw, AkkaJoin.Host.Tests" = raw
              }
              remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0, enable-ssl = {{(tls is null ? "off" : "on")}}, connection-timeout = 3s }
              coordinated-shutdown { exit-clr = off, run-by-clr-shutdown-hook = off }
            }
            """).WithFallback(KeyGroupRegion.Serialization);
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config));

        // It takes any node for its own: the node is the one that refuses.
        if (tls is not null)
            setup = setup.And(new DotNettySslSetup(tls.Certificate, suppressValidation: true));
        _system = ActorSystem.Create("attacker", setup);
        _node = new Address(tls is null ? "akka.tcp" : "akka.ssl.tcp", node.System, node.Host, node.Port);
    }

    /// <summary>Sends bytes under an id and a manifest.</summary>
    internal void Send(string path, int id, string manifest, byte[] bytes) => At(path).Tell(new Raw(id, manifest, bytes), ActorRefs.NoSender);

    /// <summary>Sends a message with the serializer that it has.</summary>
    internal void Send(string path, object message) => At(path).Tell(message, ActorRefs.NoSender);

    /// <summary>Sends a message by selection.</summary>
    internal void Select(string path, object message) => _system.ActorSelection(_node + path).Tell(message, ActorRefs.NoSender);

    /// <summary>Asks the node's daemon to start an actor.</summary>
    internal void Deploy<T>()
        where T : ActorBase, new() => _system.ActorOf(Props.Create<T>().WithDeploy(new Deploy(new RemoteScope(_node))), "deployed");

    /// <summary>Done when its remoting has given the node up: the node takes nothing of it.</summary>
    internal async Task GivenUpAsync()
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var listener = _system.ActorOf(Props.Create(() => new Listener(gone)));
        _system.EventStream.Subscribe(listener, typeof(Akka.Remote.AssociationErrorEvent));
        _system.EventStream.Subscribe(listener, typeof(Akka.Remote.DisassociatedEvent));
        Send("/user/probe", new Shards.Protocol.StartKeyGroup(1));

        // Akka ends an actor system whose call TLS does not let through.
        await Task.WhenAny(gone.Task, _system.WhenTerminated).WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();

    IActorRef At(string path) => ((ExtendedActorSystem)_system).Provider.ResolveActorRef(_node + path);

    sealed class Listener : UntypedActor
    {
        readonly TaskCompletionSource _gone;

        public Listener(TaskCompletionSource gone) => _gone = gone;

        protected override void OnReceive(object message) => _gone.TrySetResult();
    }
}
