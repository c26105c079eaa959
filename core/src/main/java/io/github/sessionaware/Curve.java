package io.github.sessionaware;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.Optional;

/** The elliptic curves of RFC 7518, section 6.2.1.1, with their names from there. */
enum Curve {
    P256("P-256", "secp256r1", 32),
    P384("P-384", "secp384r1", 48),
    P521("P-521", "secp521r1", 66);

    private final String standardName;
    private final String jdkName;
    private final int coordinateBytes;

    Curve(String standardName, String jdkName, int coordinateBytes) {
        this.standardName = standardName;
        this.jdkName = jdkName;
        this.coordinateBytes = coordinateBytes;
    }

    static Optional<Curve> find(ECPublicKey key) {
        return Arrays.stream(values()).filter(curve -> curve.holds(key)).findFirst();
    }

    String standardName() {
        return standardName;
    }

    int coordinateBytes() {
        return coordinateBytes;
    }

    /** Checks the point too, because anyone can make a point off the curve that verifies forged signatures. */
    boolean holds(ECPublicKey key) {
        ECParameterSpec ours = parameters();
        ECParameterSpec theirs = key.getParams();
        return theirs != null
                && ours.getCurve().equals(theirs.getCurve())
                && ours.getGenerator().equals(theirs.getGenerator())
                && ours.getOrder().equals(theirs.getOrder())
                && ours.getCofactor() == theirs.getCofactor()
                && isSolution(ours, key.getW());
    }

    private static boolean isSolution(ECParameterSpec parameters, ECPoint point) {
        BigInteger p = ((ECFieldFp) parameters.getCurve().getField()).getP();
        if (point.equals(ECPoint.POINT_INFINITY)
                || !isElement(point.getAffineX(), p)
                || !isElement(point.getAffineY(), p)) {
            return false;
        }
        BigInteger x = point.getAffineX();
        BigInteger right = x.pow(2)
                .add(parameters.getCurve().getA())
                .multiply(x)
                .add(parameters.getCurve().getB());
        return point.getAffineY().pow(2).subtract(right).mod(p).signum() == 0;
    }

    private static boolean isElement(BigInteger number, BigInteger p) {
        return number.signum() >= 0 && number.compareTo(p) < 0;
    }

    private ECParameterSpec parameters() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(jdkName));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java platform has no curve " + standardName, e);
        }
    }
}
