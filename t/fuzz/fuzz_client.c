/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_client.c - each line is a client, whose keys are those that sendmail
 * looks up for it
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fuzz.h"

#include "block/client.h"
#include "mta/sendmail/access/key.h"

#define HOST 128 /* bits of one address */

static int
is_in(void *arg, const char *key)
{
	const struct block_keys *list = arg;
	size_t i;

	for (i = 0; i < list->n; i++)
		if (strcasecmp(list->key[i], key) == 0)
			return 1;
	return 0;
}

static void
keys(const struct client *k, bool compressed)
{
	static struct block_keys list;
	const struct sendmail_access_way way = { compressed, compressed };
	struct client part;
	const char *why = NULL;
	struct span key;
	size_t i;

	if (sendmail_access_key_list(k, compressed, &list, &why) != 0) {
		FUZZ_MUST(fuzz_is_line(why));
		return;
	}
	FUZZ_MUST(list.n >= 1 && list.n <= BLOCK_KEYS);
	for (i = 0; i < list.n; i++) {
		key = (struct span){ list.key[i], strlen(list.key[i]) };
		FUZZ_MUST(sendmail_access_key_of(&part, key));
		FUZZ_MUST(client_covers(k, &part));
	}
	if (k->is_name || k->prefix.bits == HOST)
		FUZZ_MUST(sendmail_access_key_walk(k, NULL, &way, is_in,
			      &list) == 1);
}

static void
client(const char *line)
{
	struct client k, again;
	struct buf b = BUF_INIT;
	const char *why = NULL;

	if (client_parse(&k, line, &why) != 0) {
		FUZZ_MUST(fuzz_is_line(why));
		return;
	}
	client_add(&b, &k);
	FUZZ_MUST(client_parse(&again, buf_str(&b), &why) == 0);
	FUZZ_MUST(client_equal(&k, &again) && client_covers(&k, &again));
	buf_free(&b);
	keys(&k, false);
	keys(&k, true);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *line;

	while ((line = fuzz_line(&bytes, &n)) != NULL) {
		client(line);
		free(line);
	}
	return 0;
}
