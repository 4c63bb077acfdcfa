#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# faults_short.t - reads and writes that move a few bytes only: every program
# says the same, and does the same
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use MQ::Scenes;
use Test::More;

my $dir = tempdir();
my $short = builddir() . '/t/faults/short.so';
need('strace', $short);

# A program with at most $n bytes a read or write, 0: as many as it likes.
sub moved {
	my ($s, $n) = @_;
	$s->{set_up}->();
	# A sanitizer wants to be the first library, but can do without.
	my $r = run({env => {%{$s->{env} // {}}, $n ? (LD_PRELOAD => $short,
	    MQ_SHORT => $n, ASAN_OPTIONS => 'verify_asan_link_order=0') : ()}},
	    @{$s->{command}});
	$_ = $s->{cut}->($_) for $r->{out}, $r->{err};
	my @wrong = $s->{check} ? $s->{check}->($r) : ();
	return ($r, @wrong);
}

for my $s (reading_scenes($dir), changing_scenes($dir)) {
	# Its output is a socket.
	next if $s->{socket};
	my ($right) = moved($s, 0);
	for my $n (1, 7, 100) {
		my ($r, @wrong) = moved($s, $n);
		is_deeply([$r, @wrong], [$right], "$s->{name}: $n at a time");
	}
}

# The library does what it is for.
my $calls = "$dir/calls";
run('strace', '-f', '-o', $calls, '-E', "LD_PRELOAD=$short", '-E', 'MQ_SHORT=7',
    '-E', 'ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0',
    program('qstat'), '-q', "$dir/flood");
my @written = slurp($calls) =~ /\bwrite\(1, .* = (\d+)$/mg;
cmp_ok(scalar @written, '>', 50, 'an answer is written in many pieces');
is_deeply([grep { $_ > 7 } @written], [], '... none of which is longer');
done_testing;
