package io.kvroute.router.admin;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.Map;

/** Says of each metric what it counts, in one place; {@code GET /metrics} tells it as HELP. */
public final class MetricHelp implements MeterFilter {

  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("kvroute.requests", "Requests answered, by the status that the client got"),
          Map.entry("kvroute.rejected", "Requests that the router refused by itself"),
          Map.entry("kvroute.retries", "Requests sent to another replica before the first byte"),
          Map.entry("kvroute.routed", "Requests sent to a replica, by how they were matched"),
          Map.entry("kvroute.sessions", "Requests of known sessions: same replica, or another"),
          Map.entry("kvroute.prompt.tokens", "Prompt tokens routed"),
          Map.entry("kvroute.matched.tokens", "Prompt tokens believed cached where they were sent"),
          Map.entry(
              "kvroute.best.matched.tokens", "Prompt tokens believed cached by the best replica"),
          Map.entry("kvroute.cached.tokens", "Prompt tokens found cached, as engines report"),
          Map.entry(
              "kvroute.prediction.error",
              "How far matched tokens were from the cached ones reported"),
          Map.entry(
              "kvroute.ttft.prediction.error",
              "How far the time to first token was from the one expected"),
          Map.entry("kvroute.ttft", "Time from a request's last byte to its answer's first token"),
          Map.entry("kvroute.request", "Time from a request's last byte to its answer's last"),
          Map.entry("kvroute.overhead", "Time that the router itself took, by what it did"),
          Map.entry("kvroute.token.mismatch", "Prompts whose tokens the engine counts otherwise"),
          Map.entry("kvroute.replica.up", "Whether the replica takes requests"),
          Map.entry("kvroute.replica.inflight", "Requests that the replica is answering"),
          Map.entry("kvroute.index.blocks", "Blocks that the replica is believed to hold"),
          Map.entry("kvroute.knowledge.disputed", "Whether what engines report contradicts that"),
          Map.entry(
              "kvroute.knowledge.disagreements", "Reports that contradicted what was believed"),
          Map.entry("kvroute.task.failures", "Faults of long-lived tasks, which went on"),
          Map.entry("kvroute.kv.events", "KV events applied"),
          Map.entry("kvroute.kv.event.gaps", "Gaps in the numbers of KV event batches"),
          Map.entry("kvroute.kv.event.restarts", "Streams of KV events that began anew"));

  @Override
  public Meter.Id map(Meter.Id id) {
    String text = TEXTS.get(id.getName());
    return text == null
        ? id
        : new Meter.Id(id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), text, id.getType());
  }
}
