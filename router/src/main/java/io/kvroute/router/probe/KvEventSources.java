package io.kvroute.router.probe;

import io.kvroute.router.fleet.EventEndpoint;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the answer to {@code GET /kv_event_sources}, which vLLM has from 0.31 on: the endpoint of
 * each data-parallel rank that publishes KV events, with the rank's own port.
 */
final class KvEventSources {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Pattern TCP = Pattern.compile("tcp://(.+):([0-9]{1,5})");
  private static final Pattern ALL_INTERFACES = Pattern.compile("\\*|0\\.0\\.0\\.0|\\[?::]?");
  private static final Pattern RANK = Pattern.compile("[0-9]{1,6}");

  private KvEventSources() {}

  /**
   * The TCP endpoints, ordered by rank; none if the answer is malformed.
   *
   * @param replica the replica's URL; its host replaces an address that means all interfaces
   */
  static List<EventEndpoint> read(byte[] body, URI replica) {
    JsonNode ranks;
    try {
      ranks = MAPPER.readTree(body);
    } catch (JacksonException e) {
      return List.of();
    }
    List<EventEndpoint> endpoints = new ArrayList<>();
    for (Map.Entry<String, JsonNode> rank : ranks.properties()) {
      EventEndpoint endpoint = endpoint(rank.getKey(), rank.getValue(), replica);
      if (endpoint != null) {
        endpoints.add(endpoint);
      }
    }
    endpoints.sort(Comparator.comparingInt(EventEndpoint::rank));
    return List.copyOf(endpoints);
  }

  private static @Nullable EventEndpoint endpoint(String rank, JsonNode source, URI replica) {
    boolean published =
        source.path("enable_kv_cache_events").asBoolean(false)
            && source.path("publisher").asString("").equals("zmq");
    String live = reachable(source.path("endpoint").asString(""), replica);
    if (!published || live == null || !RANK.matcher(rank).matches()) {
      return null;
    }
    return new EventEndpoint(
        Integer.parseInt(rank),
        live,
        reachable(source.path("replay_endpoint").asString(""), replica));
  }

  /** The endpoint as the router reaches it, null if it is not TCP. */
  private static @Nullable String reachable(String endpoint, URI replica) {
    Matcher tcp = TCP.matcher(endpoint);
    if (!tcp.matches()) {
      return null;
    }
    boolean all = ALL_INTERFACES.matcher(tcp.group(1)).matches();
    return all ? "tcp://" + replica.getHost() + ":" + tcp.group(2) : endpoint;
  }
}
