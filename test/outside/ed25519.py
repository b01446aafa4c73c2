"""Ed25519 verification after RFC 8032 section 5.1, strict: S < L, canonical points, the equation without cofactor.

Only public values pass through here, so nothing needs to run in constant time.
"""

import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_ONE = pow(2, (P - 1) // 4, P)

# Points are extended homogeneous coordinates (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z.
NEUTRAL = (0, 1, 1, 0)


def add(p, q):
    """Section 5.1.4; complete, so it doubles, too."""
    a = (p[1] - p[0]) * (q[1] - q[0]) % P
    b = (p[1] + p[0]) * (q[1] + q[0]) % P
    c = 2 * p[3] * q[3] * D % P
    d = 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def double(p):
    a = p[0] * p[0] % P
    b = p[1] * p[1] % P
    h = a + b
    e = h - (p[0] + p[1]) ** 2 % P
    g = a - b
    f = 2 * p[2] * p[2] + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def negate(p):
    return -p[0] % P, p[1], p[2], -p[3] % P


def same_point(p, q):
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


def decode_point(data):
    """The point of 32 bytes by section 5.1.3, or None where they are not the one encoding of a point."""
    if len(data) != 32:
        return None
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x + u) % P == 0:
        x = x * SQRT_MINUS_ONE % P
    if (v * x * x - u) % P != 0:
        return None
    if x == 0 and sign == 1:
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def combine(s, p, k, q):
    """s*p + k*q in one run of doublings."""
    table = (None, p, q, add(p, q))
    total = NEUTRAL
    for bit in range(max(s.bit_length(), k.bit_length()) - 1, -1, -1):
        total = double(total)
        chosen = table[(s >> bit & 1) + 2 * (k >> bit & 1)]
        if chosen is not None:
            total = add(total, chosen)
    return total


def is_small_order(p):
    return same_point(double(double(double(p))), NEUTRAL)


def public_key_fault(public_key):
    """None, or the word for why these bytes are no verification key."""
    point = decode_point(public_key)
    if point is None:
        return "KEY_POINT"
    return "KEY_SMALL_ORDER" if is_small_order(point) else None


def signature_fault(public_key, message, signature):
    """None where the signature holds, else the word for why it does not."""
    fault = public_key_fault(public_key)
    if fault is not None:
        return fault
    if len(signature) != 64:
        return "SIGNATURE_LENGTH"
    s = int.from_bytes(signature[32:], "little")
    if s >= L:
        return "SIGNATURE_S_TOO_LARGE"
    r = decode_point(signature[:32])
    if r is None:
        return "SIGNATURE_POINT"
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    k = int.from_bytes(digest, "little") % L
    expected = combine(s, BASE, k, negate(decode_point(public_key)))
    return None if same_point(expected, r) else "SIGNATURE_WRONG"
