package ebbtide.engine.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** Elements of tensors from and to little-endian bytes, through one buffer of bounded size. */
final class Elements {
    private Elements() {}

    /** Reads {@code count} elements into a new array of the type's kind. */
    static Object read(
            ReadableByteChannel channel, ByteBuffer chunk, StoredTensor.Type type, int count)
            throws IOException {
        Object array =
                switch (type) {
                    case F32 -> new float[count];
                    case F64 -> new double[count];
                    case I32 -> new int[count];
                    case I64 -> new long[count];
                };
        int step = chunk.capacity() / type.bytes();
        for (int from = 0, n; from < count; from += n) {
            n = Math.min(step, count - from);
            chunk.clear().limit(n * type.bytes());
            fill(channel, chunk);
            chunk.flip();
            switch (array) {
                case float[] floats -> chunk.asFloatBuffer().get(floats, from, n);
                case double[] doubles -> chunk.asDoubleBuffer().get(doubles, from, n);
                case int[] ints -> chunk.asIntBuffer().get(ints, from, n);
                case long[] longs -> chunk.asLongBuffer().get(longs, from, n);
                default -> throw new AssertionError(type);
            }
        }
        return array;
    }

    /** Writes the elements of a tensor of type F32 or I64. */
    static void write(WritableByteChannel channel, ByteBuffer chunk, StoredTensor tensor)
            throws IOException {
        int bytes = tensor.type().bytes();
        int count = Header.length(tensor);
        int step = chunk.capacity() / bytes;
        for (int from = 0, n; from < count; from += n) {
            n = Math.min(step, count - from);
            chunk.clear().limit(n * bytes);
            if (tensor.type() == StoredTensor.Type.F32) {
                chunk.asFloatBuffer().put(tensor.floats(), from, n);
            } else {
                chunk.asLongBuffer().put(tensor.longs(), from, n);
            }
            drain(channel, chunk);
        }
    }

    /** Reads until the buffer is full. */
    static void fill(ReadableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
    }

    /** Writes until the buffer is empty; a channel may take part of it. */
    static void drain(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
