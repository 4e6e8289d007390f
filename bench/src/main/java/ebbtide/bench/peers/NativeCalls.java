package ebbtide.bench.peers;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;

/**
 * Calls of C functions whose types follow from the arguments: Integer is int, Long is long or size_t,
 * Float is float, {@link MemorySegment} a pointer. For what is called a few times; the arguments are
 * not checked against anything.
 */
final class NativeCalls {
    private static final Linker LINKER = Linker.nativeLinker();

    private final SymbolLookup library;

    NativeCalls(SymbolLookup library) {
        this.library = library;
    }

    /** Returns the address of a function. */
    MemorySegment function(String name) {
        return library.find(name).orElseThrow(
                () -> new IllegalStateException("the library has no function " + name));
    }

    /** Calls a function that returns nothing. */
    void run(String name, Object... arguments) {
        invoke(name, FunctionDescriptor.ofVoid(layouts(arguments)), arguments);
    }

    /** Calls a function that returns an int. */
    int number(String name, Object... arguments) {
        return (int) invoke(
                name, FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts(arguments)), arguments);
    }

    /** Calls a function that returns a size_t. */
    long size(String name, Object... arguments) {
        return (long) invoke(
                name, FunctionDescriptor.of(ValueLayout.JAVA_LONG, layouts(arguments)), arguments);
    }

    /** Calls a function that returns a pointer. */
    MemorySegment pointer(String name, Object... arguments) {
        return (MemorySegment) invoke(
                name, FunctionDescriptor.of(ValueLayout.ADDRESS, layouts(arguments)), arguments);
    }

    private Object invoke(String name, FunctionDescriptor type, Object... arguments) {
        try {
            return LINKER.downcallHandle(function(name), type).invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a downcall throws only what is unchecked", e);
        }
    }

    private static MemoryLayout[] layouts(Object... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = switch (arguments[i]) {
                case Integer n -> ValueLayout.JAVA_INT;
                case Long n -> ValueLayout.JAVA_LONG;
                case Float x -> ValueLayout.JAVA_FLOAT;
                case MemorySegment pointer -> ValueLayout.ADDRESS;
                default -> throw new IllegalArgumentException("no C type for " + arguments[i]);
            };
        }
        return layouts;
    }
}
