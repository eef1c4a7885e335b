package io.kvroute.router.learn;

import io.kvroute.router.route.EventTrust;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The events of one TensorRT-LLM replica, poll by poll. They cannot be requested again. A gap in
 * their numbers shows that the engine's buffer overflowed or that another client polls; the view of
 * that rank is then emptied. An engine with several attention windows reports events for each; only
 * those of the widest are used, because the others leave blocks out.
 *
 * <p>Confined to the poller's thread, except {@link #status()}.
 */
final class PolledReplica {

  private record Rank(EventView view, EventStream stream) {}

  private final EventTarget target;
  private final EventObserver observer;
  private final DataParallelBlocks dataParallelBlocks;
  private final TrtllmEventDecoder decoder;
  private final Map<Integer, Rank> ranks = new HashMap<>();
  private int widestWindow;
  private volatile EventStatus status = EventStatus.SILENT;

  /**
   * A replica that was not polled yet.
   *
   * @param blockSize tokens in a block, assumed until a chain of several blocks shows it
   */
  PolledReplica(int blockSize, EventTarget target, EventObserver observer) {
    this.target = target;
    this.observer = observer;
    this.dataParallelBlocks = new DataParallelBlocks(target);
    this.decoder = new TrtllmEventDecoder(blockSize);
  }

  /** Applies the events in the body of a poll's answer. */
  void polled(byte[] body) {
    try {
      decoder.decode(body).forEach(this::take);
    } catch (MalformedEventException e) {
      observer.malformed(String.valueOf(e.getMessage()));
      assumeLoss();
    }
    updateStatus();
  }

  /** A poll's answer was lost, with all events in it. */
  void lost() {
    assumeLoss();
    updateStatus();
  }

  /** The replica has not answered for a long time. */
  void unreachable() {
    target.unreachable();
  }

  /** The process has restarted. Its events carry no time, so the old ones cannot be told apart. */
  void processRestarted() {
    ranks.values().forEach(rank -> rank.stream().processRestarted(0));
    updateStatus();
  }

  /** Polling has ended: removes all blocks. */
  void end() {
    ranks.values().forEach(rank -> rank.view().clear());
  }

  /** The combined state of all ranks. May be called from any thread. */
  EventStatus status() {
    return status;
  }

  private void take(PolledEvent event) {
    if (event.windowTokens() > widestWindow) {
      widestWindow = event.windowTokens();
      assumeLoss();
    }
    boolean counts = event.windowTokens() == 0 || event.windowTokens() == widestWindow;
    KvEvent change = counts ? event.event() : null;
    List<KvEvent> changes = change == null ? List.of() : List.of(change);
    ranks.computeIfAbsent(event.rank(), this::rank).stream()
        .live(event.number(), new KvEvent.Batch(0, changes, event.rank()));
  }

  private void assumeLoss() {
    ranks.values().forEach(rank -> rank.stream().assumeLoss());
  }

  private Rank rank(int number) {
    EventView view = new EventView(dataParallelBlocks, false, false);
    return new Rank(view, new EventStream(view, target, observer, null));
  }

  private EventTrust trust() {
    return DataParallelSubscription.combine(
        ranks.values().stream().map(rank -> rank.stream().trust()).toList());
  }

  private void updateStatus() {
    status =
        ranks.values().stream()
            .map(rank -> rank.stream().status())
            .reduce(EventStatus::combinedWith)
            .orElse(EventStatus.SILENT);
    target.streamChanged(
        trust(), ranks.values().stream().mapToLong(rank -> rank.stream().batches()).sum());
  }
}
