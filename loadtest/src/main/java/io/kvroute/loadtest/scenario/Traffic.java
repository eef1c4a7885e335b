package io.kvroute.loadtest.scenario;

import io.kvroute.loadtest.simulate.VirtualFleet;
import java.util.SplittableRandom;

/**
 * Clients of one kind. New work does not wait for old answers (an open model), and what is asked
 * when depends on the seed alone, but for the turns of a conversation, which follow its answers,
 * and for a {@link ClosedLoop}.
 */
interface Traffic {

  /** Has the clients begin, from now on. */
  void play(VirtualFleet fleet, SplittableRandom random);
}
