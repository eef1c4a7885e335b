package io.kvroute.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The whole configuration of a router, flat like the file: the component {@code fooBar} is the
 * property {@code foo-bar}, which a test compares with the schema.
 *
 * @param tokenizers directory or hub id of each model's tokenizer; {@code *} applies to all models
 *     not named
 * @param chatTemplates file of each model's chat template, if not the model's own
 * @param blockSize tokens in a block if an engine does not report it; 0 for the router's default
 * @param blocks blocks of a replica if an engine does not report it; 0 for the router's default
 * @param routingHeaders whether responses show what was matched
 * @param pathPrefix an optional prefix of {@code /v1} on the data port; may be empty
 * @param trustedProxies the peers whose headers about the origin of a request are believed
 * @param apiKeys keys of the data port; empty if none is required
 * @param engineApiKey the engines' own key, used by probes only; null if they have none
 * @param accessLog how the access log is written to standard output
 * @param maxAttempts replicas that may be sent one request, the first included
 * @param chatTemplateContentFormat as the engines' flag of that name
 * @param defaultChatTemplateKwargs as the engines' flag of that name: a JSON object
 * @param trustRequestChatTemplate as the engines' flag of that name: whether to render a request's
 *     own chat template
 * @param excludeToolsWhenToolChoiceNone as the engines' flag of that name
 * @param transformers major release of transformers in the engines, which decides how some
 *     tokenizers are read: 4, or 5 for 5 and later
 * @param hubOffline whether model files are read from disk only
 * @param warmUp the longest time that a starting router runs its own code before it serves; zero to
 *     serve at once
 */
public record Config(
    HostPort listen,
    HostPort adminListen,
    List<ReplicaConfig> replicas,
    Map<String, String> tokenizers,
    Map<String, String> chatTemplates,
    PolicyName policy,
    int blockSize,
    int blocks,
    boolean routingHeaders,
    String pathPrefix,
    List<Cidr> trustedProxies,
    List<ApiKey> apiKeys,
    @Nullable ApiKey engineApiKey,
    AccessLogFormat accessLog,
    int maxAttempts,
    TemplateContentFormat chatTemplateContentFormat,
    String defaultChatTemplateKwargs,
    boolean trustRequestChatTemplate,
    boolean excludeToolsWhenToolChoiceNone,
    int transformers,
    boolean hubOffline,
    Duration warmUp,
    Limits limits,
    Timeouts timeouts,
    SessionPolicy session,
    PrefixHashPolicy prefixHash,
    Learning learn) {

  private static final HostPort DEFAULT_LISTEN = new HostPort("0.0.0.0", 8080);
  private static final HostPort DEFAULT_ADMIN_LISTEN = new HostPort("127.0.0.1", 9090);

  private static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(10);

  static Config read(Section in) {
    Config config =
        new Config(
            in.value("listen", DEFAULT_LISTEN, ValueTypes.HOST_PORT),
            in.value("admin-listen", DEFAULT_ADMIN_LISTEN, ValueTypes.HOST_PORT),
            in.parts("replicas", ReplicaConfig::fromText, ReplicaConfig::read),
            in.texts("tokenizers"),
            in.texts("chat-templates"),
            in.value("policy", PolicyName.KV_AWARE, ValueTypes.choice(PolicyName.class)),
            in.value("block-size", 0, ValueTypes.integer(1, 1 << 16)),
            in.value("blocks", 0, ValueTypes.integer(1, 1 << 30)),
            in.value("routing-headers", false, ValueTypes.SWITCH),
            in.value("path-prefix", "", ValueTypes.PATH_PREFIX),
            in.values("trusted-proxies", Cidr.PRIVATE, ValueTypes.CIDR),
            in.values("api-keys", List.of(), ValueTypes.API_KEY),
            in.optional("engine-api-key", ValueTypes.API_KEY),
            in.value("access-log", AccessLogFormat.JSON, ValueTypes.choice(AccessLogFormat.class)),
            in.value("max-attempts", 2, ValueTypes.integer(1, 100)),
            in.value(
                "chat-template-content-format",
                TemplateContentFormat.AUTO,
                ValueTypes.choice(TemplateContentFormat.class)),
            in.value("default-chat-template-kwargs", "{}", ValueTypes.JSON_OBJECT),
            in.value("trust-request-chat-template", false, ValueTypes.SWITCH),
            in.value("exclude-tools-when-tool-choice-none", false, ValueTypes.SWITCH),
            in.value("transformers", 5, ValueTypes.integer(4, 5)),
            in.value("hub-offline", false, ValueTypes.SWITCH),
            in.value("warm-up", DEFAULT_WARM_UP, ValueTypes.DURATION),
            in.part("limits", Limits::read),
            in.part("timeouts", Timeouts::read),
            in.part("session", SessionPolicy::read),
            in.part("prefix-hash", PrefixHashPolicy::read),
            in.part("learn", Learning::read));
    config.check(in);
    return config;
  }

  private void check(Section in) {
    Set<String> seen = new HashSet<>();
    for (ReplicaConfig replica : replicas) {
      if (!seen.add(replica.url().getRawAuthority())) {
        in.reject("replicas", replica.url() + " twice", "each replica once");
      }
    }
    if (listen.port() != 0 && listen.equals(adminListen)) {
      in.reject("admin-listen", adminListen.toString(), "another port than listen's");
    }
  }
}
