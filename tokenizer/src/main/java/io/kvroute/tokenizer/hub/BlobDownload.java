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
 * Downloads the content of one file into the cache. Resumes an interrupted download, verifies the
 * content, and gives the file its final name only when it is complete.
 */
final class BlobDownload {

  private static final int ATTEMPTS = 4;
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /** Larger than any tokenizer. A server that sends more is not the hub. */
  private static final long MAX_BYTES = 512L << 20;

  private final HubHttp http;

  BlobDownload(HubHttp http) {
    this.http = http;
  }

  /** Downloads {@code file} from {@code address} to {@code blob}, unless it exists already. */
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
      // A previous holder of the lock may have completed the file in the meantime.
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

  /** Null if another thread or process is downloading the same file. */
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
          throw new IOException(address + ": the content does not match its etag, " + file.etag());
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

  /** An error that a retry cannot fix. */
  private static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }
}
