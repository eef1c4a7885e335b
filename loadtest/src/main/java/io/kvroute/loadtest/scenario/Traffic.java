package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.VirtualFleet;
import java.util.SplittableRandom;

/**
 * Clients of one kind. Except for {@link ClosedLoop}, the workload is open: arrivals depend on the
 * seed alone and do not wait for earlier answers. Only the later turns of a conversation follow
 * that conversation's answers.
 */
interface Traffic {

  /** Starts the clients at the current simulated time. */
  void play(VirtualFleet fleet, SplittableRandom random);
}
