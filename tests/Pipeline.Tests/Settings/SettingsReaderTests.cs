using AkkaJoin.Pipeline.Settings;
using AkkaJoin.Pipeline.Settings.Reading;
using AkkaJoin.Shards.Definition;
using Xunit;

namespace AkkaJoin.Pipeline.Tests.Settings;

public class SettingsReaderTests
{
    [Fact]
    public void What_is_not_set_has_the_defaults_of_the_records()
    {
        var settings = Read(Minimal());
        var join = Assert.Single(settings.Joins);
        var source = new SourceSettings { Topic = "impressions" };
        var expected = new JoinSettings
        {
            Name = "a",
            Type = JoinType.Inner,
            BeforeMs = 0,
            AfterMs = 600_000,
            MaxDriftMs = 157_500,
            MaxAheadOfWallClockMs = 3_600_000,
            Left = source,
            Right = source with { Topic = "plays" },
            GroupId = "akkajoin-a",
            Output = new OutputSettings { Topic = "out", LateTopic = "out.late", DeadLetterTopic = "out.dead" },
            Flow = new FlowSettings(),
            Origins = join.Origins,
        };

        // Lists are equal only as the same list.
        Assert.Empty(join.Left.KeyPaths);
        Assert.Empty(join.Right.KeyPaths);
        Assert.Empty(join.Output.Select);
        Assert.Equal(expected, join with
        {
            Left = join.Left with { KeyPaths = expected.Left.KeyPaths },
            Right = join.Right with { KeyPaths = expected.Right.KeyPaths },
            Output = join.Output with { Select = expected.Output.Select },
            LeftFields = expected.LeftFields,
            RightFields = expected.RightFields,
        });
        Assert.Equal(new JournalSettings(), settings.Journal);
        Assert.Equal("h:9092", settings.Kafka.BootstrapServers);
        Assert.Equal(30_000, settings.Kafka.ConnectTimeoutMs);
        Assert.Equal(10_000, settings.Kafka.SessionTimeoutMs);
    }

    [Fact]
    public void Every_key_is_read()
    {
        var settings = Read("""
            akkajoin {
              kafka {
                bootstrap-servers = ["h1:1", "[::1]:2"], connect-timeout = 1m, session-timeout = 6s
                client { security.protocol = SASL_SSL, sasl { mechanism = PLAIN, password = p }, "sasl.username" = me, debug = null }
                consumer { isolation.level = read_uncommitted }
                producer { compression.type = lz4 }
              }
              sqlite.directory = /data
              flow { linger = 5ms, group-in-flight-max = 8 }
              join-defaults.key-groups = 32
              joins."x.y" {
                type = attribution, before = -1m, after = 2h, bounds = "(]"
                left { topic = l, filter = "tier='gold'", key = [a.b, "header:H", record-key.p], time = t, time-format = iso-8601, id = "header:ID" }
                right { topic = r, key = [a, b], time = t, id = i, format = json }
                where = "left.a < right.b"
                max-out-of-orderness = 5
                max-drift = 2m
                max-ahead-of-wall-clock = 5m, min-time = "2019-11-12", max-jump = 2h
                late.policy = drop
                attribution { credit = every, max-lefts = 7 }
                group-id = g, start = latest
                output {
                  topic = o, late-topic = l1, dead-letter-topic = d1, create = off, partitions = 3, replication = 2, timestamp = now
                  select = [key, lefts.a, "lefts.\"x.y\" as z", lefts], headers = [row]
                }
                flow { linger = 7ms, batch-bytes-max = 64k, snapshot-bytes-min = 2m }
              }
            }
            """);

        Assert.Equal("h1:1,[::1]:2", settings.Kafka.BootstrapServers);
        Assert.Equal(60_000, settings.Kafka.ConnectTimeoutMs);
        Assert.Equal(6_000, settings.Kafka.SessionTimeoutMs);
        Assert.Equal(["sasl.mechanism", "sasl.password", "sasl.username", "security.protocol"], settings.Kafka.Client.Keys.Order());
        Assert.Equal("read_uncommitted", settings.Kafka.Consumer["isolation.level"]);
        Assert.Equal("lz4", settings.Kafka.Producer["compression.type"]);
        Assert.Equal("/data", settings.Journal.SqliteDirectory);
        Assert.Null(settings.Journal.Postgresql);

        var join = Assert.Single(settings.Joins);
        Assert.Equal(("x.y", JoinType.Attribution, -60_000L, 7_200_000L), (join.Name, join.Type, join.BeforeMs, join.AfterMs));
        Assert.Equal((false, true), (join.LowerInclusive, join.UpperInclusive));
        Assert.Equal(["a.b", "header:H", "record-key.p"], join.Left.KeyPaths);
        Assert.Equal(("t", TimeFormat.Iso8601), (join.Left.TimePath, join.Left.TimeFormat));
        Assert.Equal((null, "ID"), (join.Left.IdPath, join.Left.IdHeader));
        Assert.Equal(("tier = 'gold'", null), (join.Left.Filter?.Text, join.Right.Filter));
        Assert.Equal(["a", "b"], join.Right.KeyPaths);
        Assert.Equal(("i", null), (join.Right.IdPath, join.Right.IdHeader));
        Assert.NotNull(join.Where);
        Assert.Equal(["a"], join.LeftFields);
        Assert.Equal(["b"], join.RightFields);
        Assert.Equal((5L, LatePolicy.Drop, Credit.Every, 7), (join.MaxOutOfOrdernessMs, join.Late, join.Credit, join.MaxLefts));
        Assert.Equal(120_000, join.MaxDriftMs);
        Assert.Equal(7_200_000, join.MaxJumpMs);
        Assert.Equal((300_000L, true, 1_573_516_800_000L), (join.MaxAheadOfWallClockMs, join.SetsMaxAhead, join.MinTimeMs));
        Assert.Equal((32, "g", false), (join.KeyGroups, join.GroupId, join.StartAtEarliest));
        Assert.Equal(("o", "l1", "d1"), (join.Output.Topic, join.Output.LateTopic, join.Output.DeadLetterTopic));
        Assert.Equal((false, 3, (short)2), (join.Output.Create, join.Output.Partitions, join.Output.Replication));
        Assert.False(join.Output.EventTimestamp);
        Assert.Equal(["key", "lefts.a", "lefts.\"x.y\" as z", "lefts"], join.Output.Select);
        Assert.Equal(RowHeaders.Row, join.Output.Headers);
        Assert.Equal(
            new FlowSettings { LingerMs = 7, IsLingerAdaptive = false, GroupInFlightMax = 8, BatchBytesMax = 65_536, SnapshotBytesMin = 2_097_152 }, join.Flow);
    }

    [Theory]
    [InlineData(
        "type = iner",
        "akkajoin.joins.a.type (f.conf:1) must be inner, left, right, full or attribution; it is \"iner\"; did you mean inner?")]
    [InlineData("type = null", "akkajoin.joins.a.type (f.conf:1) is missing")]
    [InlineData("before = ten", "akkajoin.joins.a.before (f.conf:1) must be a duration such as 10s, 5 minutes or 500 ms; it is \"ten\"")]
    [InlineData("before = {}", "akkajoin.joins.a.before (f.conf:1) must be a duration such as 10s, 5 minutes or 500 ms, not an object")]
    [InlineData("before = 9007199254740992", "must lie between -9007199254740991 ms and 9007199254740991 ms; it is 9007199254740992 ms")]
    [InlineData(
        "before = -11m",
        "akkajoin.joins.a.after (f.conf:1) makes the window end before it begins: before + after must be 0 or more; it is -1 min")]
    [InlineData("befor = 1m", "unknown key akkajoin.joins.a.befor (f.conf:1); did you mean before?")]
    [InlineData("late-topic = x", "unknown key akkajoin.joins.a.late-topic (f.conf:1); did you mean output.late-topic?")]
    [InlineData("left.tpoic = x", "unknown key akkajoin.joins.a.left.tpoic (f.conf:1); did you mean topic?")]
    [InlineData("flow.lingr = x", "unknown key akkajoin.joins.a.flow.lingr (f.conf:1); did you mean linger?")]
    [InlineData("zzz = x", "unknown key akkajoin.joins.a.zzz (f.conf:1)")]
    [InlineData("bounds = \"[[\"", "must be [], [), (] or (); it is \"[[\"")]
    [InlineData("late = x", "akkajoin.joins.a.late (f.conf:1) must be an object in braces, not a text")]
    [InlineData("left.topic = \"\"", "akkajoin.joins.a.left.topic (f.conf:1) must not be empty")]
    [InlineData("left.topic = \"a b\"", "must be a topic name")]
    [InlineData("left.key = []", "must be record-key, a field path, header:NAME, record-key.PATH or a list of them")]
    [InlineData("left.key = [a, a]", "must not name a field twice; it is \"a\"")]
    [InlineData("left.key = \"a,b\"", "must not have a comma in a field path")]
    [InlineData("left.key = \"a..b\"", "akkajoin.joins.a.left.key (f.conf:1) must be a field path")]
    [InlineData("left.key = [[a]]", "must be a text or a list of texts, not a list of other things")]
    [InlineData("left.time = \".\"", "akkajoin.joins.a.left.time (f.conf:1) must be a field path")]
    [InlineData("left.time-format = epoch-millis", "akkajoin.joins.a.left.time-format (f.conf:1) needs time = the path of a field")]
    [InlineData("left.id = \"header:\"", "must name the header")]
    [InlineData("left.filter = \"left.a = 1\"", "akkajoin.joins.a.left.filter (f.conf:1) is no condition: a filter names its "
        + "fields without left. before them")]
    [InlineData("left { format = raw, filter = \"a = 1\" }", "akkajoin.joins.a.left.filter (f.conf:1) cannot be used: a raw "
        + "value has no fields")]
    [InlineData("left { format = raw, key = k }", "akkajoin.joins.a.left.key (f.conf:1) must be record-key, record-key.PATH or "
        + "header:NAME: a raw value has no fields")]
    [InlineData("left { format = raw, time = t }", "must be record-timestamp, record-key.PATH or header:NAME: a raw value has no fields")]
    [InlineData("left.key = \"$.k\"", "akkajoin.joins.a.left.key (f.conf:1) must be a field path, header:NAME or "
        + "record-key.PATH: '$' in the path '$.k': names are separated by dots, without $")]
    [InlineData("left.key = \"record-key.a[0]\"", "'a[0]' in the path 'a[0]'")]
    [InlineData("left.time = \"a. b\"", "' b' in the path 'a. b'")]
    [InlineData("left.id = \"items.*\"", "'*' in the path 'items.*'")]
    [InlineData("left.key = \"header:\"", "the name of the header is missing")]
    [InlineData("left.time = \"header:\"", "the name of the header is missing")]
    [InlineData("left.key = \"record-key.\"", "an empty name")]
    [InlineData("where = \"left.$.a = 1\"", "a path begins with the name of a field, not with $")]
    [InlineData("left.filter = \"$.a = 1\"", "a path begins with the name of a field, not with $")]
    [InlineData("output.select = [\"left.$.a\"]", "akkajoin.joins.a.output.select (f.conf:1) must hold fields of a row: '$' in "
        + "the path '$.a'")]
    [InlineData("output.select = [\"left.[0]\"]", "'[0]' in the path '[0]'")]
    [InlineData("output.select = [\"$.a\"]", "must hold fields of a row: key, leftTime, rightTime, left, left.PATH, right, "
        + "right.PATH; it is \"$.a\"")]
    [InlineData("output.select = [\"left.a as \"]", "behind 'as' stands one name")]
    [InlineData("output.select = [\"left.a as b c\"]", "behind 'as' stands one name")]
    [InlineData("output.select = [\"left.a as x\", \"right.b as x\"]", "must not hold a field twice; it is \"x\"")]
    [InlineData("output.select = [\"nothing as x\"]", "must hold fields of a row: key, leftTime")]
    [InlineData("left { format = raw, id = i }", "must be \"header:NAME\" or none: a raw value has no fields")]
    [InlineData("left.format = raw, where = \"left.a = 1\"", "names left.a, but the format of left is raw")]
    [InlineData(
        "left.format = avro",
        "must be json, raw or \"Namespace.Type, Assembly\" of an IRecordDecoder: it is not written as \"Namespace.Type, "
            + "Assembly\"; it is \"avro\"")]
    [InlineData("left.format = \"System.String\"", "it is not written as \"Namespace.Type, Assembly\"; it is \"System.String\"")]
    [InlineData("where = \"left.a <\"", "akkajoin.joins.a.where (f.conf:1) is no condition: ")]
    [InlineData("max-out-of-orderness = -1", "must lie between 0 s and 9007199254740991 ms; it is -1 ms")]
    [InlineData("late.policy = keep", "must be join, drop or repair; it is \"keep\"")]
    [InlineData("late.policy = repair", "akkajoin.joins.a.late.repair-for (f.conf:1) is missing: late.policy = repair needs the time")]
    [InlineData("late { policy = repair, repair-for = 0 }", "akkajoin.joins.a.late.repair-for (f.conf:1) must lie between 1 ms and")]
    [InlineData("late { policy = repair, repair-for = long }", "akkajoin.joins.a.late.repair-for (f.conf:1) must be a duration")]
    [InlineData("late.repair-for = -1h", "akkajoin.joins.a.late.repair-for (f.conf:1) must lie between 1 ms and")]
    [InlineData("idle.policy = never", "must be wall-clock, exclude or wait; it is \"never\"")]
    [InlineData("idle.timeout = 0", "must lie between 1 ms and")]
    [InlineData("max-drift = 10ms", "akkajoin.joins.a.max-drift (f.conf:1) must lie between 1 s and")]
    [InlineData("max-ahead-of-wall-clock = far", "must be unlimited or a duration such as 1 h; it is \"far\"")]
    [InlineData("max-ahead-of-wall-clock = -1s", "must lie between 0 s and")]
    [InlineData("max-jump = 10ms", "must lie between 1 s and")]
    [InlineData("min-time = yesterday", "must be a date and time such as 2020-01-01T00:00:00Z, or a date; it is \"yesterday\"")]
    [InlineData("max-drift = far", "must be auto, unlimited or a duration such as 10 m; it is \"far\"")]
    [InlineData("attribution.credit = last", "must be first or every; it is \"last\"")]
    [InlineData("attribution.max-lefts = 0", "must lie between 1 and 1000000; it is 0")]
    [InlineData("key-groups = many", "must be a whole number from 1 to 4096; it is \"many\"")]
    [InlineData("key-groups = 5000", "must lie between 1 and 4096; it is 5000")]
    [InlineData("start = middle", "must be earliest or latest; it is \"middle\"")]
    [InlineData("group-id = \"\"", "akkajoin.joins.a.group-id (f.conf:1) must not be empty")]
    [InlineData("output.topic = impressions", "akkajoin.joins.a.output.topic (f.conf:1) must not be left.topic; it is \"impressions\"")]
    [InlineData("output.late-topic = plays", "akkajoin.joins.a.output.late-topic (f.conf:1) must not be right.topic; it is \"plays\"")]
    [InlineData("output.late-topic = out", "must not be output.topic; it is \"out\"")]
    [InlineData("output.dead-letter-topic = out.late", "must not be output.late-topic; it is \"out.late\"")]
    [InlineData("left.topic = out.dead", "akkajoin.joins.a.output.dead-letter-topic (f.conf:1) must not be left.topic")]
    [InlineData("output.create = maybe", "must be true, false, on, off, yes or no; it is \"maybe\"")]
    [InlineData("output.partitions = 0", "must lie between 1 and 10000; it is 0")]
    [InlineData("output.replication = x", "must be a whole number from 1 to 100; it is \"x\"")]
    [InlineData("output.timestamp = then", "must be event or now")]
    [InlineData(
        "output.select = [x]",
        "must hold fields of a row: key, leftTime, rightTime, left, left.PATH, right, right.PATH; it is \"x\"")]
    [InlineData("output.select = [leftCount]", "must hold fields of a row")]
    [InlineData("output.select = [lefts.x]", "must hold fields of a row")]
    [InlineData("type = attribution, output.select = [left.x]", "must hold fields of a row: key, rightTime, leftCount, right, ")]
    [InlineData(
        "left.format = raw, output.select = [left.x]",
        "akkajoin.joins.a.output.format (f.conf:1) cannot be used: output.select: 'left.x'")]
    [InlineData("output.select = [key, key]", "must not hold a field twice; it is \"key\"")]
    [InlineData("output.headers = [id]", "akkajoin.joins.a.output.headers (f.conf:1) must hold some of join, row and source; it is \"id\"")]
    [InlineData("output.deduplicate = on", "must be off or tail; it is \"on\"")]
    [InlineData("flow.linger = auto", "akkajoin.joins.a.flow.linger (f.conf:1) must be adaptive or a duration such as 20 ms; it "
        + "is \"auto\"")]
    [InlineData("flow.linger = 11s", "akkajoin.joins.a.flow.linger (f.conf:1) must lie between 0 s and 10 s; it is 11 s")]
    [InlineData(
        "flow.batch-bytes-max = 8 MiB",
        "akkajoin.joins.a.flow.partition-in-flight-bytes-max (f.conf:1) must not be below batch-bytes-max, 8 MiB; it is 4 MiB")]
    [InlineData("flow.pending-bytes-max = 2 GiB", "must lie between 4 KiB and 1 GiB; it is 2 GiB")]
    [InlineData("flow.batch-bytes-max = big", "must be a size such as 64 KiB, 4 MiB or a number of bytes; it is \"big\"")]
    public void A_wrong_key_of_a_join_is_named(string keys, string expected) =>
        Assert.Contains(expected, Assert.Single(Problems(Minimal(keys))).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "akkajoin.journal = postgresql",
        "is missing: set it, or connection-string-file, or the environment variable AKKAJOIN_POSTGRESQL")]
    [InlineData("akkajoin { journal = postgresql, postgresql.connection-string = \"Host=h;Password=hunter2\" }", "akkajoin.postgresql.connection-string (f.conf:2) names no Database")]
    [InlineData("akkajoin { journal = postgresql, postgresql { connection-string = x, connection-string-file = y } }", "are both set")]
    [InlineData("akkajoin { journal = postgresql, postgresql.connection-string-file = /nowhere/at/all }", "connection-string-file (f.conf:2) cannot be read")]
    [InlineData("akkajoin.postgresql.schema = \"Joins\"", "must consist of lower-case letters, digits and _")]
    [InlineData("akkajoin.journal = oracle", "must be sqlite or postgresql; it is \"oracle\"")]
    [InlineData("akkajoin.sqlite.directory = \"\"", "akkajoin.sqlite.directory (f.conf:2) must not be empty")]
    [InlineData("akkajoin.kafka.bootstrap-servers = null", "akkajoin.kafka.bootstrap-servers (f.conf:2) is missing")]
    [InlineData("akkajoin.kafka.bootstrap-servers = \"h\"", "must be host:port, several separated by commas; it is \"h\"")]
    [InlineData("akkajoin.kafka.bootstrap-servers = \"h:99999\"", "must be host:port, several separated by commas; it is \"h:99999\"")]
    [InlineData("akkajoin.kafka.bootstrap-servers = \"h:1,\"", "must be host:port, several separated by commas; it is \"\"")]
    [InlineData("akkajoin.kafka.bootstrap-servers = \"a://u:p@h:x\"", "it is \"a://u:******@h:x\"")]
    [InlineData("akkajoin.kafka.bootstrap-servers = []", "must name one broker at least")]
    [InlineData("akkajoin.kafka.session-timeout = 0", "must lie between 1 s and 30 min; it is 0 s")]
    [InlineData("akkajoin.kafka.client.group.id = x", "akkajoin.kafka.client.group.id (f.conf:2) cannot be set: use group-id of the join")]
    [InlineData(
        "akkajoin.kafka.client.sasl.pasword = x",
        "akkajoin.kafka.client.sasl.pasword (f.conf:2) is no key of librdkafka; did you mean sasl.password?")]
    [InlineData("akkajoin.kafka.producer.acs = all", "akkajoin.kafka.producer.acs (f.conf:2) is no key of librdkafka; did you mean acks?")]
    [InlineData(
        "akkajoin.kafka.consumer.isolation.level = dirty",
        "akkajoin.kafka.consumer.isolation.level (f.conf:2) is refused by librdkafka: ")]
    [InlineData(
        "akkajoin.kafka.client.sasl.password = [hunter2]",
        "akkajoin.kafka.client.sasl.password (f.conf:2) must be a text, not a list")]
    [InlineData("akkajoin.kafka.client = x", "akkajoin.kafka.client (f.conf:2) must be an object in braces, not a text")]
    [InlineData("akkajoin.kafak {}", "unknown key akkajoin.kafak (f.conf:2); did you mean kafka?")]
    [InlineData("akajoin.kafka {}", "unknown key akajoin (f.conf:2); did you mean akkajoin?")]
    [InlineData("akkajoin.join-defaults.ouptut.topic = x", "unknown key akkajoin.join-defaults.ouptut (f.conf:2); did you mean output?")]
    [InlineData("akkajoin.flow.tick-interval = 1", "akkajoin.flow.tick-interval (f.conf:2) must lie between 10 ms and 1 min; it is 1 ms")]
    [InlineData("akkajoin.joins.b = 5", "akkajoin.joins.b (f.conf:2) must be an object in braces, not a text")]
    [InlineData("akkajoin.joins = null", "akkajoin.joins (f.conf) is missing: at least one join is needed")]
    [InlineData("akkajoin.joins.a = null", "akkajoin.joins (f.conf) is missing: at least one join is needed")]
    [InlineData("akkajoin = 5", "akkajoin (f.conf:2) must be an object in braces")]
    [InlineData("akkajoin.joins.\"x/y\" = ${akkajoin.joins.a} { group-id = g }", "akkajoin.joins.\"x/y\" (f.conf:2) is no join name")]
    [InlineData(
        "akkajoin.joins.b = ${akkajoin.joins.a} { group-id = akkajoin-a }",
        "akkajoin.joins.b.group-id (f.conf:2) must not be the consumer group of the join a")]
    [InlineData("x = {", "the '{' that stands here is never closed (f.conf:2)")]
    [InlineData("x = ${none}", "${none} is not defined")]
    public void A_wrong_key_outside_joins_is_named(string line, string expected) =>
        Assert.Contains(expected, Assert.Single(Problems(Minimal() + "\n" + line)).ToString(), StringComparison.Ordinal);

    [Fact]
    public void All_errors_are_reported_at_once_in_the_order_of_the_file()
    {
        var error = Assert.Throws<ConfigException>(() => Read("akkajoin {\n joins.a {\n type = x\n output {}\n }\n flow.linger = y\n}"));

        Assert.Equal(78, error.ExitCode);
        Assert.Equal(
            [
                "akkajoin.kafka.bootstrap-servers", "akkajoin.joins.a.before", "akkajoin.joins.a.after", "akkajoin.joins.a.left.topic",
                "akkajoin.joins.a.right.topic", "akkajoin.joins.a.type", "akkajoin.joins.a.output.topic", "akkajoin.flow.linger",
            ],
            error.Problems.Select(problem => problem.Key));
        Assert.StartsWith(
            "f.conf has 8 errors:\n  akkajoin.kafka.bootstrap-servers (f.conf:1) is missing\n", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("()")]
    [InlineData("[)")]
    [InlineData("(]")]
    public void A_window_of_no_length_is_allowed_with_open_bounds(string bounds) =>
        Assert.Equal(0, Read(Minimal($"before = 0, after = 0, bounds = \"{bounds}\"")).Joins[0].AfterMs);

    [Fact]
    public void A_value_of_the_defaults_for_all_joins_can_be_unset() =>
        Assert.Null(Read(Minimal("where = null") + "\nakkajoin.join-defaults.where = \"left.a = 1\"").Joins[0].Where);

    [Fact]
    public void A_flow_for_all_joins_stands_between_the_general_one_and_that_of_the_join()
    {
        const string general = "\nakkajoin.join-defaults.flow { linger = 2, tick-interval = 20 }, akkajoin.flow.linger = 1";

        var flow = Read(Minimal("flow.linger = 3") + general).Joins[0].Flow;

        Assert.Equal((3, 20, 5_000), (flow.LingerMs, flow.TickIntervalMs, flow.ResendAfterMs));
    }

    [Theory]
    [InlineData("", 20, true)]
    [InlineData("flow.linger = adaptive", 20, true)]
    [InlineData("flow.linger = 40ms", 40, false)]
    public void Linger_adapts_unless_it_is_set(string text, int lingerMs, bool isAdaptive)
    {
        var flow = Read(Minimal(text)).Joins[0].Flow;

        Assert.Equal((lingerMs, isAdaptive), (flow.LingerMs, flow.IsLingerAdaptive));
    }

    [Fact]
    public void A_self_join_is_allowed() => Assert.Equal("plays", Read(Minimal("left.topic = plays")).Joins[0].Left.Topic);

    [Fact]
    public void What_is_not_ours_reaches_Akka()
    {
        var config = ConfigReader.ReadText(Minimal() + "\nakka.loglevel = DEBUG, petabridge.cmd.port = 9110", "f.conf");

        Assert.Equal("DEBUG", config.Akka.GetString("akka.loglevel"));
        Assert.Equal(9110, config.Akka.GetInt("petabridge.cmd.port"));
        Assert.False(config.Akka.HasPath("akkajoin"));
    }

    [Fact]
    public void A_break_in_a_value_does_not_break_the_line_of_its_error() =>
        Assert.DoesNotContain("\n", Assert.Single(Problems(Minimal("type = \"a\\nb\""))).ToString(), StringComparison.Ordinal);

    static AkkaJoinSettings Read(string text) => ConfigReader.ReadText(text, "f.conf", environment: _ => null).Settings;

    static IReadOnlyList<ConfigProblem> Problems(string text) => Assert.Throws<ConfigException>(() => Read(text)).Problems;

    static string Minimal(string more = "") =>
        "akkajoin { kafka.bootstrap-servers = \"h:9092\", joins.a { type = inner, before = 0s, after = 10m, left.topic = impressions, "
        + $"right.topic = plays, output.topic = out, {(more.Length > 0 ? more : "start = earliest")} }} }}";
}
