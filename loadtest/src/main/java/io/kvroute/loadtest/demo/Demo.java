package io.kvroute.loadtest.demo;

import io.kvroute.loadtest.client.ChatClient;
import io.kvroute.loadtest.client.ChatTurn;
import io.kvroute.loadtest.client.ConversationRun;
import io.kvroute.loadtest.client.RunStats;
import io.kvroute.loadtest.cluster.Cluster;
import io.kvroute.loadtest.workload.ScriptedConversation;
import io.kvroute.tokenizer.PromptEncoder;
import io.kvroute.tokenizer.PromptException;
import java.io.PrintWriter;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Plays the same conversations with different policies, each on a fresh fleet. */
final class Demo {

  private final DemoOptions options;
  private final PromptEncoder encoder;
  private final PrintWriter progress;
  private final List<ScriptedConversation> conversations;

  Demo(DemoOptions options, PromptEncoder encoder, PrintWriter progress) {
    this.options = options;
    this.encoder = encoder;
    this.progress = progress;
    this.conversations = options.workload().generate();
  }

  /** Plays the workload against a fresh fleet. */
  PolicyRun play(String policy, URI url) throws InterruptedException, PromptException {
    long startNanos = System.nanoTime();
    LongSupplier clockNanos = () -> System.nanoTime() - startNanos;
    List<ChatTurn> turns;
    try (ChatClient client = new ChatClient(url, clockNanos)) {
      Progress shown = new Progress(policy);
      turns =
          new ConversationRun(client, Cluster.MODEL, clockNanos, shown::turnDone)
              .play(conversations);
      shown.end();
    }
    double best = BestPossible.hitRate(turns, encoder, options.profile().blockSize());
    return new PolicyRun(policy, RunStats.of(turns), best);
  }

  /** A line on the terminal that counts the answered requests. */
  private final class Progress {
    private final String policy;
    private final AtomicInteger done = new AtomicInteger();
    private final int all =
        conversations.stream().mapToInt(conversation -> conversation.turns().size()).sum();

    Progress(String policy) {
      this.policy = policy;
    }

    void turnDone(ChatTurn turn) {
      int now = done.incrementAndGet();
      synchronized (progress) {
        progress.printf(Locale.ROOT, "\r%-12s %4d of %d requests", policy, now, all);
        progress.flush();
      }
    }

    void end() {
      progress.println();
      progress.flush();
    }
  }
}
