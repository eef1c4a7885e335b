package io.kvroute.loadtest.replica;

import java.util.concurrent.atomic.AtomicLong;

/** Generates ids like vLLM's: 16 hexadecimal digits that look random. Thread-safe. */
final class RequestIds {

  private final AtomicLong state;

  RequestIds(long seed) {
    state = new AtomicLong(AnswerWords.mix(seed));
  }

  String next() {
    return "%016x".formatted(AnswerWords.mix(state.getAndIncrement()));
  }
}
