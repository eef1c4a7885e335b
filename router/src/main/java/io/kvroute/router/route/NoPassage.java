package io.kvroute.router.route;

/** The passage of a request of whose prompt nothing is known. */
enum NoPassage implements ReplicaCache.Passage {
  INSTANCE;

  @Override
  public void firstToken() {}

  @Override
  public void generated(int tokens) {}

  @Override
  public void ended(Outcome outcome) {}
}
