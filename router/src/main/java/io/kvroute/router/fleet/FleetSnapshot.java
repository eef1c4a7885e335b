package io.kvroute.router.fleet;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The fleet at one moment. Immutable. A snapshot shares unchanged parts with the one before, so a
 * report of one replica among a thousand costs a copy of their references.
 */
public final class FleetSnapshot {

  private static final int[] NO_REPLICA = {};

  static final FleetSnapshot EMPTY = new FleetSnapshot(0, 0, new ReplicaView[0], CacheNames.NONE);

  private final long version;
  private final long membershipVersion;
  private final ReplicaView[] views;
  private final Map<ReplicaId, Integer> indexById;
  private final Map<String, int[]> indexesByModel;
  private final CacheNames cacheNames;

  private FleetSnapshot(
      long version, long membershipVersion, ReplicaView[] views, CacheNames before) {
    this(
        version,
        membershipVersion,
        views,
        indexes(views),
        indexesByModel(views),
        before.follow(views));
  }

  private FleetSnapshot(
      long version,
      long membershipVersion,
      ReplicaView[] views,
      Map<ReplicaId, Integer> indexById,
      Map<String, int[]> indexesByModel,
      CacheNames cacheNames) {
    this.version = version;
    this.membershipVersion = membershipVersion;
    this.views = views;
    this.indexById = indexById;
    this.indexesByModel = indexesByModel;
    this.cacheNames = cacheNames;
  }

  private static Map<ReplicaId, Integer> indexes(ReplicaView[] views) {
    Map<ReplicaId, Integer> indexes = new HashMap<>();
    for (int i = 0; i < views.length; i++) {
      indexes.put(views[i].id(), i);
    }
    return indexes;
  }

  private static Map<String, int[]> indexesByModel(ReplicaView[] views) {
    Map<String, IntStream.Builder> building = new LinkedHashMap<>();
    for (int i = 0; i < views.length; i++) {
      for (ServedModel model : views[i].facts().models()) {
        building.computeIfAbsent(model.id(), id -> IntStream.builder()).add(i);
      }
    }
    Map<String, int[]> indexes = new LinkedHashMap<>();
    building.forEach((model, each) -> indexes.put(model, each.build().toArray()));
    return indexes;
  }

  FleetSnapshot plus(ReplicaView view) {
    ReplicaView[] more = Arrays.copyOf(views, views.length + 1);
    more[views.length] = view;
    return new FleetSnapshot(version + 1, membershipVersion + 1, more, cacheNames);
  }

  FleetSnapshot minus(ReplicaId id) {
    ReplicaView[] fewer =
        Arrays.stream(views).filter(view -> !view.id().equals(id)).toArray(ReplicaView[]::new);
    return new FleetSnapshot(version + 1, membershipVersion + 1, fewer, cacheNames);
  }

  /** This fleet with another view of one of its replicas. */
  FleetSnapshot with(ReplicaView view) {
    Integer index = indexById.get(view.id());
    if (index == null) {
      throw new IllegalArgumentException("replica: " + view.id() + " (expected: one of the fleet)");
    }
    ReplicaView before = views[index];
    ReplicaView[] changed = views.clone();
    changed[index] = view;
    boolean sameModels = before.facts().models().equals(view.facts().models());
    return new FleetSnapshot(
        version + 1,
        membershipVersion,
        changed,
        indexById,
        sameModels ? indexesByModel : indexesByModel(changed),
        sameModels ? cacheNames : cacheNames.follow(changed));
  }

  /** Grows with every change. */
  public long version() {
    return version;
  }

  /** Grows when a replica joins or leaves. */
  public long membershipVersion() {
    return membershipVersion;
  }

  /** All replicas, in the order in which they were added. */
  public List<ReplicaView> replicas() {
    return Collections.unmodifiableList(Arrays.asList(views));
  }

  public @Nullable ReplicaView replica(ReplicaId id) {
    Integer index = indexById.get(id);
    return index == null ? null : views[index];
  }

  /** The replicas that list the model, ready or not; none for an unknown model. */
  public List<ReplicaView> serving(String model) {
    return new Serving(views, indexesByModel.getOrDefault(model, NO_REPLICA));
  }

  /** The names of all models served, in the order of the replicas that list them. */
  public List<String> models() {
    return List.copyOf(indexesByModel.keySet());
  }

  /** Tells which names are one model; the same object while that does not change. */
  public CacheNames cacheNames() {
    return cacheNames;
  }

  /** Whether some replica is up. */
  public boolean anyReady() {
    for (ReplicaView view : views) {
      if (view.state() == ReplicaState.UP) {
        return true;
      }
    }
    return false;
  }

  private static final class Serving extends AbstractList<ReplicaView> implements RandomAccess {
    private final ReplicaView[] views;
    private final int[] indexes;

    Serving(ReplicaView[] views, int[] indexes) {
      this.views = views;
      this.indexes = indexes;
    }

    @Override
    public ReplicaView get(int index) {
      return views[indexes[index]];
    }

    @Override
    public int size() {
      return indexes.length;
    }
  }
}
