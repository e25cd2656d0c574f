// SPDX-License-Identifier: Apache-2.0
package org.processional.engine.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationProofTest {
    private static final byte[] ROLE = "a role".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FIRST = {1, 2, 3, -4};
    private static final byte[] SECOND = {-5, 6};

    /** Keys shorter than a block of the hash, as long as one, and longer, which are hashed themselves. */
    @ParameterizedTest
    @ValueSource(ints = {1, 32, 63, 64, 65, 1000})
    void theProofIsTheHmacOfTheJdk(int length) throws GeneralSecurityException {
        String secret = "ä".repeat(length / 2) + "x".repeat(length % 2);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        mac.update(ROLE);
        mac.update(FIRST);
        mac.update(SECOND);
        assertThat(Authentication.proof(secret, ROLE, FIRST, SECOND)).isEqualTo(mac.doFinal());
    }
}
