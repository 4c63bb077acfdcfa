/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sha256.c - a hash from which nobody finds what was hashed */
#include "unit.h"

#include "base/buf.h"
#include "base/sha256.h"

static void
assert_hash(const char *bytes, size_t n, const char *want)
{
	uint8_t hash[SHA256_SIZE];
	struct buf hex = BUF_INIT;
	size_t i;

	sha256_bytes(bytes, n, hash);
	for (i = 0; i < sizeof(hash); i++)
		buf_addf(&hex, "%02x", hash[i]);
	assert_string_equal(buf_str(&hex), want);
	buf_free(&hex);
}

/* The examples of FIPS 180-4, and lengths around the end of a block. */
static void
test_examples(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		/* clang-format off */
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b"
		  "7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410"
		  "ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db"
		  "06c1" },
		/* clang-format on */
	};
	static const struct {
		size_t n;
		const char *want;
	} as[] = {
		/* clang-format off */
		{ 55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e"
		  "910f734318" },
		{ 56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970"
		  "686ec6738a" },
		{ 63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da"
		  "457ddc2f34" },
		{ 64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337"
		  "df154668eb" },
		{ 65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d"
		  "4f17eb0ae0" },
		{ 119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7"
		  "ea6584dcfb" },
		{ 1000000,
		  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39"
		  "ccc7112cd0" },
		/* clang-format on */
	};
	static char a[1000000];
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		assert_hash(rows[i].text, strlen(rows[i].text), rows[i].want);
	memset(a, 'a', sizeof(a));
	for (i = 0; i < ROWS(as); i++)
		assert_hash(a, as[i].n, as[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
	};

	return UNIT_RUN(tests);
}
