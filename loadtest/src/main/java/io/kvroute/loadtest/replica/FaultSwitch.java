package io.kvroute.loadtest.replica;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/** The faults in force, which tests change while a replica runs. Thread-safe. */
final class FaultSwitch {

  private final AtomicReference<Faults> faults;

  FaultSwitch(Faults initial) {
    faults = new AtomicReference<>(initial);
  }

  void set(Faults newFaults) {
    faults.set(newFaults);
  }

  /** What applies to {@code /tokenize}. */
  Faults.OfTokenize ofTokenize() {
    return faults.get().tokenize();
  }

  /** What applies to a request; counts it if the faults are counted. */
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

  /** Reads faults as {@code POST /control/faults} gets them; what is not named is off. */
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
