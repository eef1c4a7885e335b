package io.kvroute.router.upstream;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One try to have a request answered by one replica. An engine may close a pooled connection just
 * as it is used again; an attempt that meets this starts over, once, on a fresh connection.
 * Confined to its event loop.
 */
public final class Attempt {

  private final Upstream upstream;
  private final AnswerListener listener;

  /** Kept for as long as it may have to be sent again. */
  private @Nullable OutgoingRequest request;

  private @Nullable UpstreamConnection connection;
  private boolean reused;
  private boolean over;

  Attempt(Upstream upstream, OutgoingRequest request, AnswerListener listener) {
    this.upstream = upstream;
    this.request = request;
    this.listener = listener;
  }

  /**
   * Sends the request; the listener may hear of the attempt's end before this returns.
   *
   * @throws IllegalArgumentException if the replica's URL is none that can be connected to
   */
  public void start(Replica replica) {
    ReplicaPool pool = upstream.pool(replica);
    UpstreamConnection idle = pool.take(System.nanoTime());
    if (idle == null) {
      connect(pool);
    } else {
      reused = true;
      connection = idle;
      begin(idle);
    }
  }

  /** Gives up: closes the connection, so that the engine stops. Nothing is heard afterwards. */
  public void cancel() {
    if (over) {
      return;
    }
    over = true;
    if (connection != null) {
      connection.close();
    }
  }

  /** Stops or resumes reading the answer. */
  public void reading(boolean on) {
    if (!over && connection != null) {
      connection.reading(on);
    }
  }

  private void connect(ReplicaPool pool) {
    UpstreamConnection fresh = new UpstreamConnection(pool, upstream.options().maxHeadBytes());
    connection = fresh;
    upstream.connect(fresh, pool.address()).addListener(done -> connected(fresh, done.isSuccess()));
  }

  private void connected(UpstreamConnection fresh, boolean success) {
    if (over) {
      fresh.close();
    } else if (success) {
      begin(fresh);
    } else {
      failed(Failure.CONNECT);
    }
  }

  private void begin(UpstreamConnection open) {
    if (request != null) {
      open.begin(this, request);
    }
  }

  // What follows is called by the connection.

  boolean isOver() {
    return over;
  }

  void head(Head head, Framing framing) {
    request = null;
    listener.head(head, framing);
  }

  void body(ByteBuf bytes) {
    listener.body(bytes);
  }

  void readComplete() {
    listener.readComplete();
  }

  void end() {
    over = true;
    listener.end();
  }

  /** The connection ended too early. */
  void lost(ReplicaPool pool, boolean nothingCame) {
    if (over) {
      return;
    }
    if (reused && nothingCame) {
      reused = false;
      listener.reconnecting();
      connect(pool);
    } else {
      failed(Failure.CONNECTION_LOST);
    }
  }

  void failed(Failure failure) {
    if (!over) {
      over = true;
      listener.failed(failure);
    }
  }
}
