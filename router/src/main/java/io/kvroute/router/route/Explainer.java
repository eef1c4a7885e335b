package io.kvroute.router.route;

import io.kvroute.router.fleet.ReplicaId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists a decision's figures for all replicas that serve the model, ready or not. */
final class Explainer {

  private Explainer() {}

  static Explanation explain(
      RouteQuery query, Candidates candidates, Lookup lookup, @Nullable ReplicaId picked) {
    List<Explanation.ReplicaCost> replicas = new ArrayList<>();
    for (RoutedReplica replica : candidates.pool.replicas()) {
      int matched = lookup.matchedTokens(query.keys(), replica);
      replicas.add(
          new Explanation.ReplicaCost(
              replica.id(),
              replica.identity.url(),
              replica.view.state(),
              matched,
              replica.knowledge(),
              CostModel.cost(candidates, replica.slot, matched)));
    }
    return new Explanation(
        query.model(), query.keys().mode(), query.keys().tokens(), picked, replicas);
  }
}
