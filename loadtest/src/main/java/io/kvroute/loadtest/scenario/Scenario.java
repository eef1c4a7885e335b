package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.Answered;
import io.kvroute.loadtest.simulate.Knowledge;
import io.kvroute.loadtest.simulate.VirtualFleet;
import io.kvroute.router.route.RouterOptions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A fleet, what befalls it, and the traffic on it.
 *
 * @param name as on the command line
 * @param description for people
 */
public record Scenario(
    String name, String description, Consumer<VirtualFleet> fleet, List<Traffic> traffic) {

  /** All requests of one run; the same policy and seed give the same to the bit. */
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
