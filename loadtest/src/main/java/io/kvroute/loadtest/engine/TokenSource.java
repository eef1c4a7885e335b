package io.kvroute.loadtest.engine;

/** What stands in for sampling: the tokens a request's answer consists of. */
@FunctionalInterface
public interface TokenSource {

  /**
   * The answer's token at a position.
   *
   * @param index from 0; an engine asks for them in order, once each
   */
  int tokenAt(int index);
}
