package io.kvroute.router.app;

import io.kvroute.config.ApiKey;
import io.kvroute.config.Config;
import io.kvroute.config.Engine;
import io.kvroute.config.ReplicaConfig;
import io.kvroute.config.UsageLearning;
import io.kvroute.router.accesslog.AccessLogFormat;
import io.kvroute.router.fleet.EngineKind;
import io.kvroute.router.fleet.ReplicaSpec;
import io.kvroute.router.http.DataPortOptions;
import io.kvroute.router.http.DataPortOptions.ApiOptions;
import io.kvroute.router.http.DataPortOptions.ListenOptions;
import io.kvroute.router.http.DataPortOptions.SizeLimits;
import io.kvroute.router.http.DataPortOptions.TimeoutOptions;
import io.kvroute.router.http.TrustedProxies;
import io.kvroute.router.probe.ProbeSettings;
import io.kvroute.router.route.RouterOptions;
import io.kvroute.router.upstream.UpstreamOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Translates the configuration into each component's own settings. Components do not know the
 * configuration.
 */
final class Options {

  private static final long MAX_INDEX_BYTES = 1L << 30;

  private Options() {}

  static DataPortOptions dataPort(Config config) {
    DataPortOptions defaults = DataPortOptions.defaults(config.listen().toSocketAddress());
    return new DataPortOptions(
        new ListenOptions(
            defaults.listen().address(),
            defaults.listen().eventLoops(),
            millis(config.timeouts().drainDelay())),
        new ApiOptions(
            config.pathPrefix(),
            config.apiKeys().stream().map(ApiKey::value).toList(),
            config.session().header(),
            config.routingHeaders(),
            trustedProxies(config),
            config.learn().usage() == UsageLearning.INJECT),
        new SizeLimits(
            config.limits().headerBytes(), config.limits().bodyBytes(), bodyBudgetBytes(config)),
        timeouts(config, defaults.timeouts()),
        config.maxAttempts(),
        upstream(config, defaults.upstream()));
  }

  /** The access log's format; null where it is turned off. */
  static @Nullable AccessLogFormat accessLog(Config config) {
    return switch (config.accessLog()) {
      case JSON -> AccessLogFormat.JSON;
      case TEXT -> AccessLogFormat.TEXT;
      case OFF -> null;
    };
  }

  static RouterOptions router(Config config) {
    RouterOptions defaults = RouterOptions.DEFAULTS;
    return new RouterOptions(
        config.policy().label(),
        config.blockSize() > 0 ? config.blockSize() : defaults.blockSize(),
        config.blocks() > 0 ? config.blocks() : defaults.blocks(),
        indexBytes(config),
        config.prefixHash().blocks(),
        config.prefixHash().loadFactor(),
        config.session().expiry().toNanos());
  }

  static ProbeSettings probes(Config config) {
    ProbeSettings defaults = ProbeSettings.defaults();
    ApiKey key = config.engineApiKey();
    return new ProbeSettings(
        defaults.intervalMillis(),
        defaults.downIntervalMillis(),
        defaults.timeoutMillis(),
        defaults.failuresToDown(),
        defaults.modelsEveryRounds(),
        defaults.metricsEveryRounds(),
        defaults.maxAnswerBytes(),
        key == null ? null : key.value());
  }

  static ReplicaSpec replica(ReplicaConfig replica) {
    return new ReplicaSpec(
        replica.url(),
        engine(replica.engine()),
        replica.kvEvents(),
        replica.kvReplay(),
        replica.weight());
  }

  private static @Nullable EngineKind engine(@Nullable Engine engine) {
    return switch (engine) {
      case null -> null;
      case VLLM -> EngineKind.VLLM;
      case TRTLLM -> EngineKind.TRTLLM;
      case OPENAI -> EngineKind.OPENAI;
    };
  }

  private static TrustedProxies trustedProxies(Config config) {
    return new TrustedProxies(
        config.trustedProxies().stream()
            .map(block -> new TrustedProxies.Network(block.base(), block.bits()))
            .toList());
  }

  private static TimeoutOptions timeouts(Config config, TimeoutOptions defaults) {
    return new TimeoutOptions(
        millis(config.timeouts().keepAlive()),
        millis(config.timeouts().request()),
        millis(config.timeouts().answer()),
        defaults.silenceMillis(),
        defaults.lingerMillis());
  }

  private static UpstreamOptions upstream(Config config, UpstreamOptions defaults) {
    return new UpstreamOptions(
        millis(config.timeouts().connect()),
        defaults.idleTimeoutMillis(),
        defaults.maxIdlePerReplica(),
        defaults.maxHeadBytes());
  }

  private static long bodyBudgetBytes(Config config) {
    long chosen = config.limits().bufferedBytes();
    long quarter = Runtime.getRuntime().maxMemory() / 4;
    return chosen > 0 ? chosen : Math.max(config.limits().bodyBytes(), quarter);
  }

  private static long indexBytes(Config config) {
    long chosen = config.limits().indexBytes();
    long quarter = Runtime.getRuntime().maxMemory() / 4;
    return chosen > 0 ? chosen : Math.min(MAX_INDEX_BYTES, quarter);
  }

  private static int millis(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, duration.toMillis());
  }
}
