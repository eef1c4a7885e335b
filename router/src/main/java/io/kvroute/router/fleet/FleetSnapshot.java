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
 * The fleet at one moment. Immutable; a snapshot shares with the one before what has not changed,
 * so that hearing from one replica of a thousand costs a copy of their references.
 */
public final class FleetSnapshot {

  private static final int[] NOBODY = {};

  static final FleetSnapshot EMPTY = new FleetSnapshot(0, 0, new ReplicaView[0], CacheNames.NONE);

  private final long version;
  private final long membershipVersion;
  private final ReplicaView[] views;
  private final Map<ReplicaId, Integer> placeById;
  private final Map<String, int[]> placesByModel;
  private final CacheNames cacheNames;

  private FleetSnapshot(
      long version, long membershipVersion, ReplicaView[] views, CacheNames before) {
    this(
        version,
        membershipVersion,
        views,
        places(views),
        placesByModel(views),
        before.follow(views));
  }

  private FleetSnapshot(
      long version,
      long membershipVersion,
      ReplicaView[] views,
      Map<ReplicaId, Integer> placeById,
      Map<String, int[]> placesByModel,
      CacheNames cacheNames) {
    this.version = version;
    this.membershipVersion = membershipVersion;
    this.views = views;
    this.placeById = placeById;
    this.placesByModel = placesByModel;
    this.cacheNames = cacheNames;
  }

  private static Map<ReplicaId, Integer> places(ReplicaView[] views) {
    Map<ReplicaId, Integer> places = new HashMap<>();
    for (int i = 0; i < views.length; i++) {
      places.put(views[i].id(), i);
    }
    return places;
  }

  private static Map<String, int[]> placesByModel(ReplicaView[] views) {
    Map<String, IntStream.Builder> building = new LinkedHashMap<>();
    for (int i = 0; i < views.length; i++) {
      for (ServedModel model : views[i].facts().models()) {
        building.computeIfAbsent(model.id(), id -> IntStream.builder()).add(i);
      }
    }
    Map<String, int[]> places = new LinkedHashMap<>();
    building.forEach((model, each) -> places.put(model, each.build().toArray()));
    return places;
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

  /** The same fleet, with another view of one of its replicas. */
  FleetSnapshot with(ReplicaView view) {
    Integer place = placeById.get(view.id());
    if (place == null) {
      throw new IllegalArgumentException("replica: " + view.id() + " (expected: one of the fleet)");
    }
    ReplicaView before = views[place];
    ReplicaView[] changed = views.clone();
    changed[place] = view;
    boolean sameModels = before.facts().models().equals(view.facts().models());
    return new FleetSnapshot(
        version + 1,
        membershipVersion,
        changed,
        placeById,
        sameModels ? placesByModel : placesByModel(changed),
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
    Integer place = placeById.get(id);
    return place == null ? null : views[place];
  }

  /** Replicas that say they serve the model, ready or not; none for a model nobody serves. */
  public List<ReplicaView> serving(String model) {
    return new Serving(views, placesByModel.getOrDefault(model, NOBODY));
  }

  /** Names of all models served, in the order in which they were first seen. */
  public List<String> models() {
    return List.copyOf(placesByModel.keySet());
  }

  /** Which names are one model; the same object while that has not changed. */
  public CacheNames cacheNames() {
    return cacheNames;
  }

  /** Whether some replica can serve something now. */
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
    private final int[] places;

    Serving(ReplicaView[] views, int[] places) {
      this.views = views;
      this.places = places;
    }

    @Override
    public ReplicaView get(int index) {
      return views[places[index]];
    }

    @Override
    public int size() {
      return places.length;
    }
  }
}
