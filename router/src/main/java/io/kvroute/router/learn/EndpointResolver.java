package io.kvroute.router.learn;

import io.kvroute.router.fleet.EventEndpoint;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts addresses in place of names in ZMQ endpoints, on threads of its own. JeroMQ would look names
 * up itself: on the thread that connects, and again on its one network thread whenever it connects
 * anew, so that one slow name server would keep all replicas' events waiting. Thread-safe.
 */
final class EndpointResolver implements AutoCloseable {

  private static final Pattern TCP = Pattern.compile("tcp://(.+):([^:]+)");
  private static final Pattern ADDRESS = Pattern.compile("\\*|\\[.*]|[0-9.]+");

  /**
   * Endpoints by address.
   *
   * @param endpoints as many as were asked for; a replay socket whose name is unknown is left out
   * @param problem what could not be looked up, null where all could; without endpoints, nothing
   *     can be heard
   */
  record Found(List<EventEndpoint> endpoints, @Nullable String problem) {}

  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("kv-event-names-", 1).factory());

  /** Whether looking up could ever find something else. */
  static boolean anyIn(List<EventEndpoint> endpoints) {
    return endpoints.stream().anyMatch(each -> isName(each.live()) || isName(each.replay()));
  }

  private static boolean isName(@Nullable String endpoint) {
    Matcher tcp = endpoint == null ? null : TCP.matcher(endpoint);
    return tcp != null && tcp.matches() && !ADDRESS.matcher(tcp.group(1)).matches();
  }

  /** Looks all names up; {@code found} is told on another thread, unless this was closed. */
  void find(List<EventEndpoint> endpoints, Consumer<Found> found) {
    try {
      threads.execute(() -> found.accept(findAll(endpoints)));
    } catch (RejectedExecutionException e) {
      // closed meanwhile
    }
  }

  private static Found findAll(List<EventEndpoint> endpoints) {
    List<EventEndpoint> all = new ArrayList<>();
    String problem = null;
    for (EventEndpoint each : endpoints) {
      String live;
      try {
        live = address(each.live());
      } catch (UnknownHostException e) {
        return new Found(List.of(), each.live() + ": unknown host");
      }
      String replay = null;
      try {
        replay = each.replay() == null ? null : address(each.replay());
      } catch (UnknownHostException e) {
        problem = each.replay() + ": unknown host";
      }
      all.add(new EventEndpoint(each.rank(), live, replay));
    }
    return new Found(List.copyOf(all), problem);
  }

  private static String address(String endpoint) throws UnknownHostException {
    Matcher tcp = TCP.matcher(endpoint);
    if (!isName(endpoint) || !tcp.matches()) {
      return endpoint;
    }
    InetAddress[] addresses = InetAddress.getAllByName(tcp.group(1));
    for (InetAddress address : addresses) {
      if (address instanceof Inet4Address) {
        return "tcp://" + address.getHostAddress() + ":" + tcp.group(2);
      }
    }
    return "tcp://[" + addresses[0].getHostAddress() + "]:" + tcp.group(2);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
