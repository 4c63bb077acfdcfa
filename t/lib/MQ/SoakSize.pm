# SPDX-License-Identifier: GPL-3.0-or-later
# SoakSize.pm - the peak of memory by the size of the queue
#
# No program keeps a message: from the second size on, memory stays the same
# but for the names that qflush is to change (64 bytes each) and qstat
# --messages lists.
package MQ::SoakSize;
use strict;
use warnings;

use MQ;
use MQ::Flush;
use MQ::Soak;

sub new {
	my ($class, %all) = @_;
	return bless {%all}, $class;
}

# [true or not, what, a line of a table] of each program, for queues of so
# many messages, of 100 relays.
sub results {
	my ($self, @sizes) = @_;
	my %commands = (check_mqueue => [], check_relayflood => [], qstat => [],
	    mqreport => ['--relays', 10], qflush => ['--journal',
	    "$self->{dir}/notes/none", '--max', '100%', SPAMMER]);
	my $queue = "$self->{dir}/notes/sized";
	my ($n, %rss) = 0;
	for my $size (@sizes) {
		make_message($queue, age => 300, n => $n, relay => 'h.example ['
		    . ($n % 100 ? '198.51.100.' . $n % 100 : SPAMMER) . ']',
		    sender => 'u' . $n % 77 . '@d.example', body => undef)
		    while $n++ < $size;
		my $notes = "$self->{dir}/notes/$size";
		mkdir $notes or die "$notes: $!\n";
		my $soak = MQ::Soak->new(dir => $notes);
		for my $name (sort keys %commands) {
			my $r = $soak->run_program($name, '-q', $queue,
			    @{$commands{$name}});
			$self->{soak}->check($r->{err} eq '' && $r->{out} =~
			    /\b$size\b/, "$name of $size messages", $r->{out},
			    $r->{err});
		}
		my $took = $soak->notes;
		push @{$rss{$_}}, $took->{$_}{rss} for keys %commands;
	}
	# The second thread comes with a full block of names, so before 5000.
	my $more = $sizes[-2] < 5000 ? 4096 : 1024;
	return map { [$rss{$_}[-1] < $rss{$_}[-2] + $more || $self->{soak}
	    {sanitized}, "$_: memory of $sizes[-1] messages is that of $sizes[-2]",
	    sprintf "%-18s peak kB of @sizes messages: @{$rss{$_}}\n", $_] }
	    sort keys %commands;
}

1;
