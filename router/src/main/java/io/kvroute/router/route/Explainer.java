package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists a decision's numbers for all replicas that serve the model, ready or not. */
final class Explainer {

  private Explainer() {}

  static Explanation explain(
      RouteQuery query, Candidates candidates, Lookup lookup, @Nullable ReplicaId picked) {
    List<Explanation.OfReplica> replicas = new ArrayList<>();
    for (RoutedReplica member : candidates.pool.members()) {
      int matched = lookup.matchedTokens(query.keys(), member);
      replicas.add(
          new Explanation.OfReplica(
              member.replica.id(),
              member.replica.url(),
              member.view.state(),
              matched,
              member.knowledge(),
              CostModel.cost(candidates, member.slot, matched)));
    }
    return new Explanation(
        query.model(), query.keys().mode(), query.keys().tokens(), picked, replicas);
  }
}
