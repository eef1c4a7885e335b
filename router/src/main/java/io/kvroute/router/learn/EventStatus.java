package io.kvroute.router.learn;

/**
 * How one replica's event stream fares.
 *
 * @param state {@code silent}, {@code complete}, {@code partial} or {@code replaying}
 * @param lastNumber the newest batch applied, -1 before the first
 * @param gaps how often batches were missed
 */
public record EventStatus(String state, long lastNumber, long gaps) {}
