package ebbtide.engine.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
    /** The first outputs of the authors' xoshiro256plusplus.c from the state 1, 2, 3, 4. */
    @Test
    void isXoshiro256PlusPlus() {
        Generator generator = Generator.of(0);
        generator.restore(new long[] {1, 2, 3, 4});
        String[] expected = {
            "41943041",
            "58720359",
            "3588806011781223",
            "3591011842654386",
            "9228616714210784205",
            "9973669472204895162",
            "14011001112246962877",
            "12406186145184390807",
            "15849039046786891736",
            "10450023813501588000"
        };
        for (String number : expected) {
            assertEquals(number, Long.toUnsignedString(generator.nextLong()));
        }
    }

    /** The first outputs of splitmix64.c from the state 1234567. */
    @Test
    void seedIsSpreadBySplitMix64() {
        long[] expected = {
            6457827717110365317L, 3203168211198807973L, -8629252141511181193L, 4593380528125082431L
        };
        assertArrayEquals(expected, Generator.of(1234567).state());
    }

    @Test
    void restoredGeneratorGoesOnAsIfItHadNeverStopped() {
        Generator generator = Generator.of(7);
        for (int i = 0; i < 101; i++) {
            generator.nextGaussian();
        }
        long[] state = generator.state();
        Generator other = Generator.of(8);
        other.restore(state);
        for (int i = 0; i < 1000; i++) {
            assertEquals(generator.nextGaussian(), other.nextGaussian());
            assertEquals(generator.nextInt(17), other.nextInt(17));
            assertEquals(generator.uniform(-2, 3), other.uniform(-2, 3));
            assertEquals(generator.nextFloat(), other.nextFloat());
        }
        assertArrayEquals(generator.state(), other.state());
        state[0]++;
        assertArrayEquals(generator.state(), other.state(), "the state is a copy");
    }

    @Test
    void seedsAndStreamsDiffer() {
        Set<Long> firsts = new HashSet<>();
        for (long seed = -5; seed < 5; seed++) {
            firsts.add(Generator.of(seed).nextLong());
            for (long stream = -5; stream < 5; stream++) {
                firsts.add(Generator.of(seed, stream).nextLong());
            }
        }
        assertEquals(10 + 100, firsts.size());
        assertEquals(Generator.of(3, 4).nextLong(), Generator.of(3, 4).nextLong());
    }

    @Test
    void statesThatAreNoneAreRefused() {
        Generator generator = Generator.of(1);
        long[] before = generator.state();
        assertThrows(IllegalArgumentException.class, () -> generator.restore(new long[4]));
        assertThrows(IllegalArgumentException.class, () -> generator.restore(new long[] {1, 2, 3}));
        assertThrows(IllegalArgumentException.class, () -> generator.restore(new long[5]));
        assertArrayEquals(before, generator.state());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 64, 1000})
    void integersAreEquallyLikely(int bound) {
        Generator generator = Generator.of(bound);
        int draws = 200 * bound;
        int[] counts = new int[bound];
        for (int i = 0; i < draws; i++) {
            counts[generator.nextInt(bound)]++;
        }
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += (count - 200.0) * (count - 200.0) / 200;
        }
        double freedom = bound - 1;
        assertTrue(
                chiSquare <= freedom + 5 * Math.sqrt(2 * freedom),
                "chi-square " + chiSquare + " of " + freedom + " degrees of freedom");
    }

    /** Without rejection, three quarters of 2³² as the bound would favour every third number. */
    @Test
    void largeBoundsAreUnbiased() {
        Generator generator = Generator.of(5);
        int bound = 3 << 29;
        int[] thirds = new int[3];
        for (int i = 0; i < 300_000; i++) {
            thirds[generator.nextInt(bound) % 3]++;
        }
        for (int third : thirds) {
            assertEquals(100_000, third, 1500);
        }
        assertTrue(generator.nextInt(Integer.MAX_VALUE) >= 0);
        assertThrows(IllegalArgumentException.class, () -> generator.nextInt(0));
        assertThrows(IllegalArgumentException.class, () -> generator.nextInt(-3));
    }

    @Test
    void floatsFillTheirInterval() {
        Generator generator = Generator.of(11);
        float least = 1;
        float most = 0;
        double sum = 0;
        for (int i = 0; i < 100_000; i++) {
            float x = generator.nextFloat();
            least = Math.min(least, x);
            most = Math.max(most, x);
            sum += x;
            double d = generator.nextDouble();
            assertTrue(d >= 0 && d < 1);
            float u = generator.uniform(-0.25f, 0.75f);
            assertTrue(u >= -0.25f && u <= 0.75f);
        }
        assertTrue(least >= 0 && least < 1e-4 && most < 1 && most > 1 - 1e-4);
        assertEquals(0.5, sum / 100_000, 0.005);
        assertEquals(2f, generator.uniform(2, 2));
        assertThrows(IllegalArgumentException.class, () -> generator.uniform(1, 0));
        assertThrows(IllegalArgumentException.class, () -> generator.uniform(Float.NaN, 0));
        assertThrows(
                IllegalArgumentException.class,
                () -> generator.uniform(0, Float.POSITIVE_INFINITY));
    }

    @Test
    void gaussiansHaveTheMomentsOfTheNormalDistribution() {
        Generator generator = Generator.of(13);
        int n = 200_000;
        double[] moments = new double[5];
        for (int i = 0; i < n; i++) {
            double x = generator.nextGaussian();
            assertTrue(Double.isFinite(x));
            for (int k = 1; k < 5; k++) {
                moments[k] += Math.pow(x, k) / n;
            }
        }
        assertEquals(0, moments[1], 0.01);
        assertEquals(1, moments[2], 0.02);
        assertEquals(0, moments[3], 0.04);
        assertEquals(3, moments[4], 0.15);
    }

    @Test
    void gaussiansTakeTwoDrawsAlways() {
        Generator one = Generator.of(17);
        Generator other = Generator.of(17);
        for (int i = 0; i < 1000; i++) {
            one.nextGaussian();
            other.nextLong();
            other.nextLong();
        }
        assertArrayEquals(one.state(), other.state());
    }
}
