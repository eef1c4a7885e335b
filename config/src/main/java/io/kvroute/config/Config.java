package io.kvroute.config;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The whole configuration of a router. A component {@code fooBar} is the property {@code foo-bar}.
 *
 * @param tokenizers directory or hub id of each model's tokenizer; {@code *} stands for the models
 *     not named
 * @param chatTemplates file of each model's chat template, where its own is not to be used
 * @param blockSize tokens in a block where an engine does not say, 0 for the router's own default
 * @param blocks blocks of a replica where an engine does not say, 0 for the router's own default
 * @param routingHeaders whether answers tell what was matched
 * @param pathPrefix what stands before {@code /v1} on the data port; empty for nothing
 * @param apiKeys keys of the data port; empty: none is asked for
 * @param trustRequestChatTemplate whether a request's own chat template is rendered
 * @param hubOffline whether model files come from disk only
 */
public record Config(
    HostPort listen,
    HostPort adminListen,
    List<ReplicaConfig> replicas,
    Map<String, String> tokenizers,
    Map<String, String> chatTemplates,
    Policy policy,
    int blockSize,
    int blocks,
    boolean routingHeaders,
    String pathPrefix,
    List<ApiKey> apiKeys,
    boolean trustRequestChatTemplate,
    boolean hubOffline,
    Limits limits,
    Timeouts timeouts,
    SessionPolicy session,
    PrefixHashPolicy prefixHash,
    LearnConfig learn) {

  private static final HostPort DEFAULT_LISTEN = new HostPort("0.0.0.0", 8080);
  private static final HostPort DEFAULT_ADMIN_LISTEN = new HostPort("127.0.0.1", 9090);

  static Config read(Section in) {
    Config config =
        new Config(
            in.value("listen", DEFAULT_LISTEN, ValueTypes.HOST_PORT),
            in.value("admin-listen", DEFAULT_ADMIN_LISTEN, ValueTypes.HOST_PORT),
            in.parts("replicas", ReplicaConfig::fromText, ReplicaConfig::read),
            in.texts("tokenizers"),
            in.texts("chat-templates"),
            in.value("policy", Policy.KV_AWARE, ValueTypes.choice(Policy.class)),
            in.value("block-size", 0, ValueTypes.integer(1, 1 << 16)),
            in.value("blocks", 0, ValueTypes.integer(1, 1 << 30)),
            in.value("routing-headers", false, ValueTypes.SWITCH),
            in.value("path-prefix", "", ValueTypes.PATH_PREFIX),
            in.values("api-keys", ValueTypes.API_KEY),
            in.value("trust-request-chat-template", false, ValueTypes.SWITCH),
            in.value("hub-offline", false, ValueTypes.SWITCH),
            in.part("limits", Limits::read),
            in.part("timeouts", Timeouts::read),
            in.part("session", SessionPolicy::read),
            in.part("prefix-hash", PrefixHashPolicy::read),
            in.part("learn", LearnConfig::read));
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
