/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * block.h - how one mail server refuses a client
 *
 * Every server has a file in which a line names clients and says what becomes
 * of them: sendmail's access map, a table of Postfix's check_client_access, a
 * host list of Exim.  Nothing above this interface knows what such a line looks
 * like, in which order the server looks a client up, or which program makes a
 * map of the file.
 *
 * Functions that can fail return 0; or -1 with a line added to *why.
 */
#ifndef BLOCK_BLOCK_H
#define BLOCK_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/span.h"
#include "mail/domain.h"

struct block_server;
struct client;
struct entries;
struct entries_line;

/* The file of a server, and its map.  Each server has more behind this. */
struct block_place {
	const struct block_server *server;
	const char *file;       /* the text that people edit */
	const char *map_suffix; /* of the map beside it, ".db"; NULL: none */
};

/* What an operator says of the place.  NULL: what is usual. */
struct block_given {
	const char *config;   /* a configuration file of the server */
	const char *file;     /* the text, so that no configuration is read */
	const char *map_type; /* of that file's map */
	const char *maker;    /* the program that makes the map */
	bool text_only;       /* no map will be made or asked */
};

/* What an entry does to the clients that its key names. */
enum block_effect {
	BLOCK_ADMITS,  /* lets them in */
	BLOCK_EXEMPTS, /* ends the search, as if there were no entry */
	BLOCK_REFUSES,
	BLOCK_TAKES, /* takes their mail, for something else than delivery */
};

/*
 * The keys of one block.  A network takes several where the server knows but
 * networks of some lengths.
 */
#define BLOCK_KEYS     32
#define BLOCK_KEY_TEXT (DOMAIN_MAX + 16) /* "Connect:" and a name */

struct block_keys {
	size_t n;
	char key[BLOCK_KEYS][BLOCK_KEY_TEXT];
};

/* An entry as the map has it; key.n is 0 for none. */
struct block_entry {
	struct span key, value;
};

/* Where map and text differ: in how many entries, and the key of one. */
struct block_difference {
	size_t n;
	struct span key;
};

struct block_server {
	const char *name;  /* "sendmail" */
	const char *text;  /* what its file is called: "access file" */
	const char *proof; /* what the map is asked with: "makemap -u" */

	/* The program of ask() where the operator names none. */
	const char *program;

	/*
	 * --- the place ---
	 *
	 * Finds the file and how its map is made, from what was given, else
	 * from the server's configuration.  The strings of given have to stay.
	 * NULL with a line added to *why.
	 */
	struct block_place *(*find)(const struct block_given *,
	    struct buf *why);
	void (*free)(struct block_place *);

	/*
	 * --- the text; all of these are pure ---
	 *
	 * The length of the first line of n bytes, n > 0, with its end, as the
	 * server reads it.
	 */
	size_t (*cut)(const char *bytes, size_t n);

	/* Finds key and value in the text of a line; key.n 0: no entry. */
	void (*split)(struct entries_line *);

	/*
	 * New blocks go before all other lines of the text, because an earlier
	 * line decides; else behind them.
	 */
	bool first;

	/* Adds an entry as a line. */
	void (*add)(struct buf *, const char *key, const char *value);

	/*
	 * The clients that a key names; false: none.  *nameless, which may be
	 * NULL: it is looked up only for a client that has no host name.
	 */
	bool (*names)(struct client *, struct span key, bool *nameless);

	/* The hosts that a key lets this server find by name; false: none. */
	bool (*hosts)(const struct block_place *, struct client *,
	    struct span key);

	enum block_effect (*effect)(struct span value);

	/*
	 * The keys of a block of these clients.  -1 with a constant text: no
	 * keys mean just these clients.
	 */
	int (*keys)(const struct block_place *, const struct client *,
	    struct block_keys *, const char **why);

	/* Is this a key of these clients, whatever the configuration? */
	bool (*is_key)(const struct client *, struct span key);

	/*
	 * What an operator says that a client is to hear, "REJECT" or
	 * "tempfail" or a text of the server's own, as the value of an entry.
	 * -1 with a constant text.
	 */
	int (*reply)(struct buf *value, const char *said, const char **why);

	/*
	 * The line that the search of the server ends at for one address, or
	 * for a host of which only the name is known.  name is the host name
	 * of the address; NULL: it has none.  NULL: no line.
	 */
	const struct entries_line *(*decides)(const struct block_place *,
	    const struct entries *, const struct client *, const char *name);

	/* What the value of that line does with this configuration. */
	enum block_effect (*result)(const struct block_place *,
	    struct span value);

	/*
	 * Adds a note for lines that the program which makes the map leaves
	 * out.  -1: out of memory.
	 */
	int (*note_faults)(const struct block_place *, const struct entries *,
	    struct buf *notes);

	/*
	 * --- the map ---
	 *
	 * Makes a map at path, without its suffix, from a descriptor of the
	 * text, and asks it whether it has just the entries of the text.  A
	 * server that reads the text itself has that at path, and is asked.
	 */
	int (*make)(const struct block_place *, const char *path, int text,
	    const struct entries *, struct buf *why);

	/* Asks the map in place whether it has the entries of the text. */
	int (*verify)(const struct block_place *, const struct entries *,
	    struct buf *why);

	/* Asks the map in place for what the next two tell of it. */
	int (*load)(struct block_place *, struct buf *why);

	/* The entry that the search ends at, as of decides(). */
	int (*says)(const struct block_place *, const struct client *,
	    const char *name, struct block_entry *, struct buf *why);

	/* Where it differs from the text. */
	int (*compare)(const struct block_place *, const struct entries *,
	    struct block_difference *, struct buf *why);

	/*
	 * --- the server itself ---
	 *
	 * Asks a program of the server what it says to such a client, and adds
	 * a line to out.  1: it refuses; 0: it does not; -1 with a line added
	 * to *why.
	 */
	int (*ask)(const struct block_place *, const char *program,
	    const struct client *, const char *name, struct buf *out,
	    struct buf *why);
};

#endif
