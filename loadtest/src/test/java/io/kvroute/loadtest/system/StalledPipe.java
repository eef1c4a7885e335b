package io.kvroute.loadtest.system;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** A TCP proxy. While it is stalled, it delivers nothing from the far end. */
final class StalledPipe implements AutoCloseable {

  private static final int SMALL_BUFFER_BYTES = 4_096;

  private final InetSocketAddress target;
  private final ServerSocket server;
  private final Semaphore flowing = new Semaphore(1);
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Opens a proxy that is not stalled.
   *
   * @param endpoint {@code tcp://HOST:PORT} of the far end
   */
  StalledPipe(String endpoint) throws IOException {
    URI uri = URI.create(endpoint);
    target = new InetSocketAddress(uri.getHost(), uri.getPort());
    server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** The endpoint of the near end. */
  String endpoint() {
    return "tcp://127.0.0.1:" + server.getLocalPort();
  }

  void stall() {
    flowing.acquireUninterruptibly();
  }

  void flow() {
    flowing.release();
  }

  private void accept() {
    try {
      while (true) {
        Socket near = server.accept();
        Socket far = new Socket();
        far.setReceiveBufferSize(SMALL_BUFFER_BYTES);
        sockets.add(near);
        sockets.add(far);
        far.connect(target);
        threads.execute(() -> copy(near, far, new Semaphore(1)));
        threads.execute(() -> copy(far, near, flowing));
      }
    } catch (IOException e) {
      close();
    }
  }

  private static void copy(Socket from, Socket to, Semaphore gate) {
    byte[] buffer = new byte[SMALL_BUFFER_BYTES];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        gate.acquireUninterruptibly();
        gate.release();
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // one end has closed, so the other closes too
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    threads.shutdown();
  }
}
