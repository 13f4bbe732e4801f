/**
 * @file Keys that a configuration of TRL, transformers or PEFT has and Airlock has no use for (TRL 1.13, transformers
 * 5.18, PEFT 0.21, and older names that are still about). Those that change no number are passed over with a warning;
 * those that do are taken at the value that Airlock computes by, and refused at any other.
 */
import { UserError } from '../core/errors';
import { message, type Message, type Sayable } from '../messages/message';

const keysIn = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Where a run reports to, where it is saved, how it is spread over machines, in what precision they multiply. */
const withoutEffect: ReadonlySet<string> = new Set(
  keysIn(`
    output_dir overwrite_output_dir run_name project report_to trackio_space_id trackio_bucket_id trackio_static_space_id
    logging_dir logging_strategy logging_steps logging_first_step logging_nan_inf_filter log_on_each_node log_level
    log_level_replica disable_tqdm include_num_input_tokens_seen include_tokens_per_second debug skip_memory_metrics
    save_strategy save_steps save_only_model save_safetensors save_on_each_node save_total_limit enable_jit_checkpoint
    push_to_hub hub_token hub_private_repo hub_model_id hub_strategy hub_always_push hub_revision
    eval_strategy evaluation_strategy eval_steps eval_delay eval_on_start per_device_eval_batch_size eval_packing
    prediction_loss_only eval_do_concat_batches eval_use_gather_object eval_accumulation_steps include_for_metrics
    batch_eval_metrics metric_for_best_model greater_is_better do_train do_eval do_predict generate_during_eval
    bf16 fp16 tf32 bf16_full_eval fp16_full_eval half_precision_backend use_cpu no_cuda use_mps_device full_determinism
    jit_mode_eval torch_compile torch_compile_backend torch_compile_mode torch_empty_cache_steps use_liger_kernel
    liger_kernel_config activation_offloading gradient_checkpointing_kwargs use_cache attn_implementation dtype
    torch_dtype model_init_kwargs trust_remote_code model_name_or_path model_revision use_peft lora_task_type
    average_tokens_across_devices accelerator_config parallelism_config local_rank ddp_find_unused_parameters
    ddp_bucket_cap_mb ddp_broadcast_buffers ddp_static_graph ddp_backend ddp_timeout fsdp fsdp_config deepspeed
    dataloader_num_workers dataloader_pin_memory dataloader_persistent_workers dataloader_prefetch_factor
    dataloader_multiprocessing_context dataloader_in_order remove_unused_columns label_names length_column_name
    ignore_data_skip restore_callback_states_from_checkpoint dataset_num_proc dataset_name dataset_config
    dataset_train_split dataset_test_split dataset_streaming dataset_text_field dataset_kwargs ignore_bias_buffers
    padding_free pad_to_multiple_of pad_token padding_value label_pad_token_id precompute_ref_log_probs
    precompute_ref_batch_size ref_model_mixup_alpha ref_model_sync_steps packing_strategy
    log_completions log_multimodal num_completions_to_print log_unique_prompts cache_implementation use_vllm
    use_transformers_paged use_transformers_continuous_batching num_generations_eval
    router_aux_loss_coef bnb_4bit_quant_type use_bnb_nested_quant bnb_4bit_quant_storage bnb_4bit_compute_dtype
  `),
);

/** Keys that change numbers, with the values by which nothing changes; the first one is named where it is refused. */
const fixed: Readonly<Record<string, readonly unknown[]>> = {
  optim: ['adamw_torch', 'adamw_torch_fused', 'adamw_hf', 'adamw_torch_xla', 'adamw_apex_fused'],
  optim_args: [null],
  optim_target_modules: [null],
  lr_scheduler_kwargs: [null],
  label_smoothing_factor: [0],
  neftune_noise_alpha: [null],
  auto_find_batch_size: [false],
  load_best_model_at_end: [false],
  resume_from_checkpoint: [null, false],
  data_seed: [null],
  dataloader_drop_last: [false],
  train_sampling_strategy: ['random'],
  group_by_length: [false],
  disable_dropout: [true],
  truncation_mode: ['keep_start'],
  sync_ref_model: [false],
  rpo_alpha: [null],
  max_prompt_length: [null],
  chat_template_path: [null],
  eos_token: [null],
  shuffle_dataset: [false],
  min_p: [null],
  repetition_penalty: [1],
  generation_kwargs: [null],
  generation_batch_size: [null],
  steps_per_generation: [null],
  reward_weights: [null],
  packing: [false],
  completion_only_loss: [null, true],
  assistant_only_loss: [false],
  lora_dropout: [0],
  lora_target_parameters: [null],
  lora_modules_to_save: [null],
  use_rslora: [false],
  use_dora: [false],
  load_in_8bit: [false],
  load_in_4bit: [false],
};

/** Keys of Airlock's by the names that they have in other trainers of TRL. */
const otherNames: Readonly<Record<string, string>> = {
  max_new_tokens: 'max_completion_length',
  response_length: 'max_completion_length',
};

const isEmpty = (value: unknown): boolean =>
  value === null || (typeof value === 'object' && Object.keys(value as object).length === 0);

/** Whether this value of a fixed key changes nothing; an empty list or mapping stands for none. */
function isTaken(key: string, value: unknown): boolean {
  const values = fixed[key] ?? [];
  return values.includes(value) || (values.includes(null) && isEmpty(value));
}

/**
 * Takes the keys of other tools out of settings.
 * @returns the settings that are left, and a warning that names the keys without effect, if there are any
 * @throws UserError for a value that would change the numbers
 */
export function setForeignKeysAside(
  settings: Readonly<Record<string, unknown>>,
  where: Sayable,
): { readonly own: Record<string, unknown>; readonly warnings: readonly Message[] } {
  const own: Record<string, unknown> = {};
  const ignored: string[] = [];
  for (const [key, value] of Object.entries(settings)) {
    if (withoutEffect.has(key) || isTaken(key, value)) ignored.push(`\`${key}\``);
    else if (Object.hasOwn(fixed, key)) {
      const taken = JSON.stringify(fixed[key]?.[0]);
      throw new UserError('settingFixed', { where, key, value: JSON.stringify(value), taken });
    } else {
      const name = otherNames[key] ?? key;
      if (name !== key && Object.hasOwn(settings, name)) throw new UserError('settingTwice', { where, key, name });
      own[name] = value;
    }
  }
  if (ignored.length === 0) return { own, warnings: [] };
  const code = ignored.length === 1 ? 'settingWithoutEffect' : 'settingsWithoutEffect';
  return { own, warnings: [message(code, { where, keys: ignored.join(', ') })] };
}
