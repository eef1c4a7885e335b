package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.Answered;
import io.kvroute.loadtest.simulate.Knowledge;
import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.router.route.RouterOptions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A fleet, the events in its life, and its traffic.
 *
 * @param name the name on the command line
 * @param description a short text for people
 * @param fleet adds the replicas, and schedules joins and restarts
 * @param traffic the clients, which begin together
 */
public record Scenario(
    String name, String description, Consumer<VirtualFleet> fleet, List<Traffic> traffic) {

  /** Plays one run and returns its requests. The same policy and seed give identical results. */
  public List<Answered> play(String policy, Knowledge knowledge, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    VirtualFleet played =
        new VirtualFleet(RouterOptions.DEFAULTS.withPolicy(policy), knowledge, random.nextLong());
    fleet.accept(played);
    for (Traffic clients : traffic) {
      clients.play(played, random.split());
    }
    return played.run();
  }
}
