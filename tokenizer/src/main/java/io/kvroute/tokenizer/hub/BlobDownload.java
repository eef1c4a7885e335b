package io.kvroute.tokenizer.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Brings one file's content into the cache: what broke off is continued, what arrived is checked,
 * and it gets its name only when it is whole.
 */
final class BlobDownload {

  private static final int ATTEMPTS = 4;
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /** No tokenizer is near this; a server that sends more is none of the hub's. */
  private static final long MAX_BYTES = 512L << 20;

  private final HubHttp http;

  BlobDownload(HubHttp http) {
    this.http = http;
  }

  /** Downloads {@code file} from {@code address} to {@code blob}, unless it is there. */
  void run(URI address, HubFile file, Path blob) throws IOException {
    if (Files.exists(blob)) {
      return;
    }
    if (file.size() > MAX_BYTES) {
      throw new IOException(
          address + ": " + file.size() + " bytes (expected: <= " + MAX_BYTES + ")");
    }
    Path folder = Objects.requireNonNull(blob.getParent());
    Files.createDirectories(folder);
    Path shared = blob.resolveSibling(blob.getFileName() + ".incomplete");
    try (FileChannel channel = open(shared);
        FileLock lock = lock(channel)) {
      // Whoever held the lock before may have given the file its name meanwhile.
      if (Files.exists(blob)) {
        return;
      }
      if (lock != null) {
        fill(channel, shared, address, file, blob);
        return;
      }
    }
    Path own = Files.createTempFile(folder, "blob", ".incomplete");
    try (FileChannel channel = open(own)) {
      fill(channel, own, address, file, blob);
    } finally {
      Files.deleteIfExists(own);
    }
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Null if somebody else is downloading the same file. */
  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException inThisProcess) {
      return null;
    }
  }

  private void fill(FileChannel channel, Path incomplete, URI address, HubFile file, Path blob)
      throws IOException {
    IOException last = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        receive(channel, address, file);
        channel.force(true);
        if (!Checksum.matches(incomplete, file.etag())) {
          channel.truncate(0);
          throw new IOException(address + ": not the content its etag names, " + file.etag());
        }
        Files.move(incomplete, blob, StandardCopyOption.ATOMIC_MOVE);
        return;
      } catch (RefusedException e) {
        throw e;
      } catch (IOException e) {
        last = e;
      }
    }
    throw last == null ? new IOException(address + ": no attempt") : last;
  }

  private void receive(FileChannel channel, URI address, HubFile file) throws IOException {
    long have = channel.size();
    if (file.size() >= 0 && have > file.size()) {
      channel.truncate(0);
      have = 0;
    }
    if (have > 0 && have == file.size()) {
      return;
    }
    HttpResponse<Void> response =
        http.get(
            address,
            have,
            info -> {
              try {
                if (info.statusCode() == OK) {
                  channel.truncate(0);
                }
                channel.position(channel.size());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              boolean wanted = info.statusCode() == OK || info.statusCode() == PARTIAL;
              return HttpResponse.BodySubscribers.ofByteArrayConsumer(
                  bytes -> bytes.ifPresent(chunk -> write(channel, wanted ? chunk : new byte[0])));
            },
            () -> size(channel));
    int status = response.statusCode();
    if (status == RANGE_NOT_SATISFIABLE) {
      channel.truncate(0);
      throw new IOException(address + ": status 416");
    }
    if (status >= 400 && status < 500 && status != 429 && status != 408) {
      throw new RefusedException(address + ": status " + status);
    }
    if (status != OK && status != PARTIAL) {
      throw new IOException(address + ": status " + status);
    }
    if (file.size() >= 0 && channel.size() != file.size()) {
      throw new IOException(
          address + ": " + channel.size() + " bytes (expected: " + file.size() + ")");
    }
  }

  private static long size(FileChannel channel) {
    try {
      return channel.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(FileChannel channel, byte[] chunk) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(chunk);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      if (channel.position() > MAX_BYTES) {
        throw new IOException("more than " + MAX_BYTES + " bytes");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server will not change its mind. */
  private static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }
}
