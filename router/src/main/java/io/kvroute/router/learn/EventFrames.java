package io.kvroute.router.learn;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;

/**
 * One message of vLLM's event publisher or of its replay socket. In every version the last two
 * frames are the batch's number (8 bytes, big-endian) and its payload; topics may come before.
 */
final class EventFrames {

  static final int NUMBER_BYTES = 8;

  private final byte[][] frames;

  private EventFrames(byte[][] frames) {
    this.frames = frames;
  }

  /** The next message, null if none has arrived. */
  static @Nullable EventFrames read(ZMQ.Socket socket) {
    byte[] first = socket.recv(ZMQ.DONTWAIT);
    if (first == null) {
      return null;
    }
    ArrayList<byte[]> frames = new ArrayList<>(4);
    frames.add(first);
    while (socket.hasReceiveMore()) {
      frames.add(socket.recv());
    }
    return new EventFrames(frames.toArray(new byte[0][]));
  }

  /** The batch's number; 0 if the message has none. */
  long number() {
    return hasNumber() ? ByteBuffer.wrap(frames[frames.length - 2]).getLong() : 0;
  }

  /**
   * Decodes the batch.
   *
   * @throws MalformedEventException if the message has no number or no readable payload
   */
  KvEvent.Batch batch() throws MalformedEventException {
    if (!hasNumber()) {
      throw new MalformedEventException("message of " + frames.length + " frames without number");
    }
    return VllmEventDecoder.decode(frames[frames.length - 1]);
  }

  private boolean hasNumber() {
    return frames.length >= 2 && frames[frames.length - 2].length == NUMBER_BYTES;
  }
}
