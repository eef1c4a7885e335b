package io.kvroute.router.upstream;

import io.kvroute.router.fleet.Replica;
import io.kvroute.router.wire.Framing;
import io.kvroute.router.wire.Head;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to have one replica answer a request. An engine may close a pooled connection just
 * when it is reused; the attempt then starts again, once, on a new connection. Confined to its
 * event loop.
 */
public final class Attempt {

  private final Upstream upstream;
  private final ResponseListener listener;

  /** Held as long as the request may have to be sent again. */
  private @Nullable OutgoingRequest request;

  private @Nullable UpstreamConnection connection;
  private boolean reused;
  private boolean over;

  Attempt(Upstream upstream, OutgoingRequest request, ResponseListener listener) {
    this.upstream = upstream;
    this.request = request;
    this.listener = listener;
  }

  /**
   * Sends the request; the listener may be told of the attempt's end before this returns.
   *
   * @throws IllegalArgumentException if the replica's URL is not {@code http://host[:port][/path]}
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

  /**
   * Cancels the attempt: closes the connection so that the engine stops. The listener is not called
   * afterwards.
   */
  public void cancel() {
    if (over) {
      return;
    }
    over = true;
    if (connection != null) {
      connection.close();
    }
  }

  /** Pauses or resumes reading the response. */
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

  // The connection calls the following methods.

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

  /** The connection ended before the response did. */
  void lost(ReplicaPool pool, boolean nothingReceived) {
    if (over) {
      return;
    }
    if (reused && nothingReceived) {
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
