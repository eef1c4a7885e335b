package io.kvroute.router.fleet;

import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The replicas and their state. The only owner of that state: other classes report changes to it
 * and read its snapshots. Thread-safe; reading a snapshot takes no lock.
 */
public final class Fleet {

  private final List<Consumer<FleetSnapshot>> listeners = new CopyOnWriteArrayList<>();
  private final BitSet usedSlots = new BitSet();
  private int added;
  private volatile FleetSnapshot snapshot = FleetSnapshot.EMPTY;

  public FleetSnapshot snapshot() {
    return snapshot;
  }

  /**
   * Calls {@code listener} after each change, one call at a time, on the thread that made the
   * change. The listener must be quick and must not change the fleet.
   */
  public void listen(Consumer<FleetSnapshot> listener) {
    listeners.add(listener);
  }

  /** Adds a replica; it receives requests once it is reported up. */
  public synchronized Replica add(ReplicaSpec spec) {
    added++;
    int slot = usedSlots.nextClearBit(0);
    usedSlots.set(slot);
    Replica replica = new Replica(new ReplicaId("r" + added), spec, slot);
    publish(snapshot.plus(ReplicaView.starting(replica)));
    return replica;
  }

  /** Removes a replica; requests in flight there continue. */
  public synchronized void remove(ReplicaId id) {
    ReplicaView removed = snapshot.replica(id);
    if (removed != null) {
      usedSlots.clear(removed.replica().slot());
      publish(snapshot.minus(id));
    }
  }

  /** The replica answers: it is up. */
  public void up(ReplicaId id) {
    change(id, ReplicaView::up);
  }

  /** The replica does not answer; {@code reason} is a text for people. */
  public void down(ReplicaId id, String reason) {
    change(id, view -> view.down(reason));
  }

  /**
   * Sends the replica no new requests from now on, whatever its health and also when its engine
   * restarts, until {@link #undrain} or {@link #remove}.
   */
  public void drain(ReplicaId id) {
    change(id, view -> view.drained(true));
  }

  /** Ends a drain: the replica receives requests again as soon as its health allows. */
  public void undrain(ReplicaId id) {
    change(id, view -> view.drained(false));
  }

  /** The replica's engine has restarted. */
  public void restarted(ReplicaId id) {
    change(id, ReplicaView::restarted);
  }

  /** The engine reported facts; equal facts are no change. */
  public void report(ReplicaId id, EngineFacts facts) {
    change(id, view -> view.facts().equals(facts) ? view : view.with(facts));
  }

  /** The engine reported its load; an equal load is a change too, because it is newer. */
  public void report(ReplicaId id, EngineLoad load) {
    change(id, view -> view.with(load));
  }

  private synchronized void change(ReplicaId id, UnaryOperator<ReplicaView> change) {
    ReplicaView before = snapshot.replica(id);
    if (before == null) {
      return;
    }
    ReplicaView after = change.apply(before);
    if (!after.equals(before)) {
      publish(snapshot.with(after));
    }
  }

  private void publish(FleetSnapshot published) {
    snapshot = published;
    listeners.forEach(listener -> listener.accept(published));
  }
}
