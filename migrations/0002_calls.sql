DROP INDEX "call_participants_call_idx";--> statement-breakpoint
CREATE INDEX "calls_open_idx" ON "calls" USING btree ("created_at") WHERE "calls"."ended_at" is null;--> statement-breakpoint
ALTER TABLE "call_participants" ADD CONSTRAINT "call_participants_stay" UNIQUE("call_id","user_id","joined_at");