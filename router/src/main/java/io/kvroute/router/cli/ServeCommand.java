package io.kvroute.router.cli;

import io.kvroute.config.Config;
import io.kvroute.config.ConfigException;
import io.kvroute.config.ConfigSources;
import io.kvroute.config.HostPort;
import io.kvroute.router.app.RunningRouter;
import io.kvroute.router.app.StartException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the router until it is stopped. */
@Command(
    name = "serve",
    description = "Routes requests to replicas.",
    sortOptions = false,
    footer = {
      "",
      "Flags override KVROUTE_* variables (--admin-listen is KVROUTE_ADMIN_LISTEN), which override",
      "the file. KVROUTE_REPLICAS and KVROUTE_TOKENIZERS hold several values, separated by spaces.",
      "",
      "Policies: kv-aware, prefix-hash, session, least-load, power-of-two, round-robin, random."
    })
final class ServeCommand implements Callable<Integer> {

  private final Console console;
  private final StopSignal stop;

  @Option(
      names = "--replica",
      paramLabel = "URL[,...]",
      description = {
        "An engine, such as http://10.0.0.1:8000; repeat for each one. Options after the URL:",
        ",engine=vllm|trtllm|openai ,kv-events=tcp://HOST:PORT ,kv-replay=tcp://HOST:PORT ,weight=N"
      })
  private List<String> replicas = List.of();

  @Option(
      names = "--tokenizer",
      paramLabel = "[MODEL=]DIR_OR_HF_ID",
      description = "The model's files. Default: the root that a replica's /v1/models names.")
  private List<String> tokenizers = List.of();

  @Option(names = "--policy", paramLabel = "NAME", description = "Default: kv-aware.")
  private @Nullable String policy;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "The data port. Default: 0.0.0.0:8080.")
  private @Nullable String listen;

  @Option(
      names = "--admin-listen",
      paramLabel = "HOST:PORT",
      description = "The admin port. Default: 127.0.0.1:9090.")
  private @Nullable String adminListen;

  @Option(
      names = "--routing-headers",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "Show in response headers what was matched. Default: false.")
  private @Nullable String routingHeaders;

  @Option(names = "--config", paramLabel = "FILE", description = "All settings, as YAML.")
  private @Nullable Path config;

  @Option(
      names = "--chat-template",
      paramLabel = "[MODEL=]FILE",
      description = "As the engine's flag of that name. Default: the model's own.")
  private List<String> chatTemplates = List.of();

  @Option(
      names = "--block-size",
      paramLabel = "N",
      description = "Tokens in a block, if an engine does not report it. Default: 16.")
  private @Nullable String blockSize;

  @Option(
      names = "--blocks",
      paramLabel = "N",
      description = "Blocks of a replica, if an engine does not report it. Default: 65536.")
  private @Nullable String blocks;

  ServeCommand(Console console, StopSignal stop) {
    this.console = console;
    this.stop = stop;
  }

  @Override
  public Integer call()
      throws ConfigException, CommandException, StartException, InterruptedException {
    Config settings = settings();
    if (settings.replicas().isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE,
          "no replica (expected: --replica http://HOST:PORT, once for each engine, or replicas in"
              + " --config FILE)");
    }
    stop.watch();
    RunningRouter.warmUp(settings);
    try (RunningRouter router = RunningRouter.start(settings, console.environment())) {
      console.out().println(greeting(settings, router));
      stop.await(router::shutDown);
    }
    return ExitCode.FINE;
  }

  private Config settings() throws ConfigException {
    ConfigSources sources = new ConfigSources().environment(console.environment());
    if (config != null) {
      sources.file(config);
    }
    several(sources, "--replica", "replicas", replicas);
    several(sources, "--tokenizer", "tokenizers", tokenizers);
    several(sources, "--chat-template", "chat-templates", chatTemplates);
    one(sources, "policy", policy);
    one(sources, "listen", listen);
    one(sources, "admin-listen", adminListen);
    one(sources, "routing-headers", routingHeaders);
    one(sources, "block-size", blockSize);
    one(sources, "blocks", blocks);
    return sources.load();
  }

  private static void several(
      ConfigSources sources, String flag, String property, List<String> values) {
    if (!values.isEmpty()) {
      sources.flag(flag, property, values);
    }
  }

  private static void one(ConfigSources sources, String property, @Nullable String value) {
    if (value != null) {
      sources.set(property, value);
    }
  }

  private static String greeting(Config settings, RunningRouter router) {
    return "kvroute listens on %s, admin on %s; policy %s; %d replica(s): %s"
        .formatted(
            text(router.dataAddress()),
            text(router.adminAddress()),
            settings.policy().label(),
            settings.replicas().size(),
            settings.replicas().stream()
                .map(replica -> replica.url().toString())
                .collect(Collectors.joining(" ")));
  }

  private static String text(InetSocketAddress address) {
    return new HostPort(address.getAddress().getHostAddress(), address.getPort()).toString();
  }
}
