package io.kvroute.loadtest.engine;

/** Replaces sampling: gives the tokens of a request's answer. */
@FunctionalInterface
public interface TokenSource {

  /**
   * The answer's token at a position.
   *
   * @param index from 0; the engine asks for the positions in order, once each
   */
  int tokenAt(int index);
}
