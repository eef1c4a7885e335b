package io.kvroute.router.learn;

import io.kvroute.router.route.EventTrust;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one TensorRT-LLM told of its cache, poll by poll. Its events can't be asked for again: what
 * its buffer dropped, or another poller took, shows as a gap in the numbers, and empties the view
 * of that rank. Of several attention windows only the widest counts, in which nothing is left out.
 *
 * <p>Confined to the poller's thread, but for {@link #status()}.
 */
final class PolledReplica {

  private record Rank(EventView view, EventStream stream) {}

  private final EventTarget target;
  private final EventObserver observer;
  private final RankedBlocks holdings;
  private final TrtllmEventDecoder decoder;
  private final Map<Integer, Rank> ranks = new HashMap<>();
  private int widestWindow;
  private volatile EventStatus status = EventStatus.SILENT;

  /**
   * A replica of which nothing was heard.
   *
   * @param blockSize tokens in a block, to be assumed until a chain of several blocks tells
   */
  PolledReplica(int blockSize, EventTarget target, EventObserver observer) {
    this.target = target;
    this.observer = observer;
    this.holdings = new RankedBlocks(target);
    this.decoder = new TrtllmEventDecoder(blockSize);
  }

  /** Takes the body of a poll's answer. */
  void polled(byte[] body) {
    try {
      decoder.decode(body).forEach(this::take);
    } catch (MalformedEventException e) {
      observer.malformed(String.valueOf(e.getMessage()));
      doubt();
    }
    updateStatus();
  }

  /** A poll's answer was lost, and its events, if there were any, with it. */
  void lost() {
    doubt();
    updateStatus();
  }

  /** It has not answered for long: what it holds by now nobody knows. */
  void unreachable() {
    target.unheard();
  }

  /** The process is another; its events carry no time by which they could be told apart. */
  void startOver() {
    ranks.values().forEach(rank -> rank.stream().startOver(0));
    updateStatus();
  }

  /** Nobody polls any more. */
  void end() {
    ranks.values().forEach(rank -> rank.view().clear());
  }

  /** How the ranks' streams fare, taken together; from any thread. */
  EventStatus status() {
    return status;
  }

  private void take(PolledEvent event) {
    if (event.windowTokens() > widestWindow) {
      widestWindow = event.windowTokens();
      doubt();
    }
    boolean counts = event.windowTokens() == 0 || event.windowTokens() == widestWindow;
    KvEvent change = counts ? event.event() : null;
    List<KvEvent> changes = change == null ? List.of() : List.of(change);
    ranks.computeIfAbsent(event.rank(), this::rank).stream()
        .live(event.number(), new KvEvent.Batch(0, changes, event.rank()));
  }

  private void doubt() {
    ranks.values().forEach(rank -> rank.stream().doubt());
  }

  private Rank rank(int number) {
    EventView view = new EventView(holdings, false, false);
    return new Rank(view, new EventStream(view, target, observer, null));
  }

  private EventTrust trust() {
    return RankedSubscription.together(
        ranks.values().stream().map(rank -> rank.stream().trust()).toList());
  }

  private void updateStatus() {
    status =
        ranks.values().stream()
            .map(rank -> rank.stream().status())
            .reduce(EventStatus::and)
            .orElse(EventStatus.SILENT);
    target.fared(trust(), ranks.values().stream().mapToLong(rank -> rank.stream().batches()).sum());
  }
}
