package io.kvroute.router.admin;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.Map;

/** The description of each metric, which {@code GET /metrics} returns as HELP. */
public final class MetricHelp implements MeterFilter {

  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("kvroute.requests", "Requests answered, by the status that the client got"),
          Map.entry("kvroute.rejected", "Requests that the router itself rejected"),
          Map.entry("kvroute.retries", "Requests sent to another replica before the first byte"),
          Map.entry("kvroute.retries.denied", "Retries not made because the budget was spent"),
          Map.entry(
              "kvroute.replica.in.rotation",
              "Whether the replica is in rotation: 0 if its engine failed"),
          Map.entry("kvroute.routed", "Requests sent to a replica, by how they were matched"),
          Map.entry(
              "kvroute.sessions",
              "Requests of known sessions, by whether they stayed on their replica"),
          Map.entry("kvroute.prompt.tokens", "Prompt tokens routed"),
          Map.entry(
              "kvroute.matched.tokens", "Prompt tokens predicted as cached on the chosen replica"),
          Map.entry(
              "kvroute.best.matched.tokens",
              "Prompt tokens predicted as cached on the best replica"),
          Map.entry("kvroute.cached.tokens", "Prompt tokens found cached, as engines report"),
          Map.entry(
              "kvroute.prediction.error",
              "Difference between predicted and reported cached tokens"),
          Map.entry(
              "kvroute.ttft.prediction.error",
              "Difference between predicted and actual time to first token"),
          Map.entry(
              "kvroute.ttft", "Time from a request's last byte to its response's first token"),
          Map.entry(
              "kvroute.request", "Time from a request's last byte to its response's last byte"),
          Map.entry("kvroute.overhead", "Time spent in the router itself, by stage"),
          Map.entry(
              "kvroute.token.mismatch", "Prompts whose token count differs from the engine's"),
          Map.entry("kvroute.replica.up", "Whether the replica accepts requests"),
          Map.entry("kvroute.replica.inflight", "Requests in flight on the replica"),
          Map.entry("kvroute.replica.errors", "Requests that the replica did not serve"),
          Map.entry("kvroute.replica.ttft", "Time from routing to a response's first token"),
          Map.entry("kvroute.index.blocks", "Blocks that the replica is predicted to hold"),
          Map.entry(
              "kvroute.knowledge.disputed",
              "Whether the engine's reports contradict the predicted cache"),
          Map.entry(
              "kvroute.knowledge.disagreements",
              "Engine reports that contradicted the predicted cache"),
          Map.entry(
              "kvroute.access.log.dropped",
              "Requests left out of the access log because its reader was too slow"),
          Map.entry("kvroute.task.failures", "Errors in long-lived tasks, which kept running"),
          Map.entry("kvroute.kv.events", "KV events applied"),
          Map.entry("kvroute.kv.event.gaps", "Gaps in the numbers of KV event batches"),
          Map.entry("kvroute.kv.event.restarts", "KV event streams that restarted"));

  @Override
  public Meter.Id map(Meter.Id id) {
    String text = TEXTS.get(id.getName());
    return text == null
        ? id
        : new Meter.Id(id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), text, id.getType());
  }
}
