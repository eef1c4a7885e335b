package io.kvroute.loadtest.replica;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/** The active faults, which tests change while a replica runs. Thread-safe. */
final class FaultSwitch {

  private final AtomicReference<Faults> faults;

  FaultSwitch(Faults initial) {
    faults = new AtomicReference<>(initial);
  }

  void set(Faults newFaults) {
    faults.set(newFaults);
  }

  /** The fault of {@code /tokenize}. */
  Faults.OfTokenize ofTokenize() {
    return faults.get().tokenize();
  }

  /** The faults that apply to a request; counts the request if the faults are limited. */
  Faults take(boolean generates) {
    Faults now = faults.get();
    boolean applies = generates || now.refuse() || now.hang();
    if (!applies) {
      return Faults.NONE;
    }
    return faults.getAndUpdate(
        f -> {
          Faults left = f.used();
          return left == null ? Faults.NONE : left;
        });
  }

  /** Reads the JSON of {@code POST /control/faults}. Faults that it does not name are off. */
  static Faults read(JsonNode json) {
    return new Faults(
        json.path("refuse").asBoolean(false),
        json.path("hang").asBoolean(false),
        json.path("delay_millis").asInt(0),
        json.path("status").asInt(0),
        json.path("die_after_chunks").asInt(-1),
        Faults.OfTokenize.valueOf(
            json.path("tokenize").asString("nothing").toUpperCase(Locale.ROOT)),
        json.path("times").asInt(-1));
  }
}
